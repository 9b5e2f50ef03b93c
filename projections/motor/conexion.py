"""A connection for moving a read model: out of the pool, and set for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

NOMBRE = "alpes proyecciones"
"""The ``application_name`` of connections that write read models."""
_ESQUEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@contextmanager
def conexion_propia(motor: Engine, esquema: str) -> Iterator[Connection]:
    """A connection on which unqualified names mean the tables in ``esquema``; closed at the end.

    Raises ValueError for a name that no schema of ours has.
    """
    if not _ESQUEMA.fullmatch(esquema):
        raise ValueError(f"esquema no admitido: {esquema!r}")
    with motor.connect() as conexion:
        # Out of the pool, and closed at the end: what is set here is this thread's alone.
        conexion.detach()
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
