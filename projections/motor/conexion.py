"""A connection for moving a read model: out of the pool, and set for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

NOMBRE = "alpes proyecciones"
"""The ``application_name`` of connections that write read models."""
PREPARAR_TRAS = 5
"""Times that a statement is sent before it is kept on the server."""
_ESQUEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@contextmanager
def fuera_de_la_reserva(motor: Engine) -> Iterator[Connection]:
    """A connection out of the pool, closed at the end: what is set on it is this thread's alone."""
    driver: Any = None
    try:
        with motor.connect() as conexion:
            conexion.detach()
            driver = conexion.connection.dbapi_connection
            yield conexion
    finally:
        # SQLAlchemy lets go of one that the server ended, without closing it, where no pool would make another.
        if driver is not None:
            driver.close()


@contextmanager
def conexion_propia(motor: Engine, esquema: str) -> Iterator[Connection]:
    """A connection on which unqualified names mean the tables in ``esquema``; closed at the end.

    Raises ValueError for a name that no schema of ours has.
    """
    if not _ESQUEMA.fullmatch(esquema):
        raise ValueError(f"esquema no admitido: {esquema!r}")
    with fuera_de_la_reserva(motor) as conexion:
        conexion.exec_driver_sql(f"SET search_path = {esquema}, public")
        conexion.exec_driver_sql(f"SET application_name = '{NOMBRE}'")
        # A worker frozen in a transaction would hold the rows that its replacement needs.
        conexion.exec_driver_sql("SET idle_in_transaction_session_timeout = '5s'")
        # What a killed process asked for, an index or a comparison, ends with it.
        conexion.exec_driver_sql("SET client_connection_check_interval = '1s'")
        # Rows and position are lost together, if at all, and made again from the log.
        conexion.exec_driver_sql("SET synchronous_commit = off")
        conexion.commit()
        yield conexion


def preparar(conexion: Connection) -> None:
    """Let statements that come again be planned once: half of what a small batch costs the server.

    For who writes one schema only: it must not read on after a switch.
    """
    # A plan is made while a table is small, and kept: it must serve when it is not. Everything here has its index.
    conexion.exec_driver_sql("SET enable_seqscan = off")
    conexion.exec_driver_sql("SET jit = off")
    conexion.commit()
    driver: Any = conexion.connection.dbapi_connection
    driver.prepare_threshold = PREPARAR_TRAS


@contextmanager
def del_driver(sesion: Session) -> Iterator[Any]:
    """The driver's own connection in a session's transaction: with SQLAlchemy's a small batch takes half as long again.

    Raises SQLAlchemy's OperationalError for the driver's; others as they are.
    """
    conexion: Any = sesion.connection().connection.dbapi_connection
    try:
        yield conexion
    except sesion.get_bind().dialect.loaded_dbapi.OperationalError as error:
        raise OperationalError(None, None, error) from error
