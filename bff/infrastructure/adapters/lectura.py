"""Reading the query tables for one service's part of a page: one moment, in time, or a failure that says which."""

import math
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as SinConexionLibre
from sqlalchemy.pool import QueuePool

from bff.domain.exceptions import FallaDeServicio, ServicioLento, ServicioRoto
from bff.infrastructure.lazo import en_su_hilo
from bff.infrastructure.plazo import queda
from projections.motor.foto import foto

T = TypeVar("T")
DE_SOBRA = 0.9
"""While this part of the time is left, the connection's own time-out will do."""
DE_GRACIA = 0.15
"""Seconds more in which a server that is well says by itself that the time is over."""
_DEMORAS = (psycopg.errors.QueryCanceled, psycopg.errors.LockNotAvailable, psycopg.errors.ConnectionTimeout)


class Lectura:
    """The query tables as one service shows them."""

    def __init__(self, motor: Engine, servicio: str) -> None:
        self._motor, self._servicio = motor, servicio

    async def leer(self, consulta: Callable[[Connection], T]) -> T:
        """What ``consulta`` makes of one moment of the tables. Raises FallaDeServicio."""
        return await en_su_hilo(lambda: self._leer(consulta))

    def _leer(self, consulta: Callable[[Connection], T]) -> T:
        try:
            try:
                return self._una_vez(consulta)
            except DBAPIError as error:
                if not error.connection_invalidated or queda(1) <= 0:
                    raise
            # A pooled connection that the server dropped meanwhile: a read may be asked again.
            return self._una_vez(consulta)
        except SQLAlchemyError as error:
            raise falla_de(error, self._servicio) from error

    def _una_vez(self, consulta: Callable[[Connection], T]) -> T:
        with foto(self._motor) as con:
            return consulta(con)


class ConPlazo(psycopg.Connection[Any]):
    """Waits for what is left of the request's time, and closes then. Raises QueryCanceled, as the server would.

    A server that is frozen doesn't look at its clock.
    """

    segundos: float
    """For what is asked outside of any request."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        try:
            return super().wait(gen, interval, queda(self.segundos) + DE_GRACIA if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is not None or self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            self.close()
            raise psycopg.errors.QueryCanceled from None


class ColaConPlazo(QueuePool):
    """Waits for a free connection for what is left of the request's time."""

    @property
    def _timeout(self) -> float:
        return queda(self._segundos)

    @_timeout.setter
    def _timeout(self, segundos: float) -> None:
        self._segundos = segundos


def falla_de(error: SQLAlchemyError, servicio: str) -> FallaDeServicio:
    """What the database's failure is to who asked ``servicio``: too slow, or broken."""
    causa = error.orig if isinstance(error, DBAPIError) else error
    lenta = isinstance(causa, (SinConexionLibre, *_DEMORAS))
    return (ServicioLento if lenta else ServicioRoto)(servicio)


def crear_motor(db_url: str, conexiones: int, segundos: float, *, sondeo: bool = False) -> Engine:
    """Connections for reading; no statement outlives the request that asks, which has ``segundos`` in all.

    ``sondeo``: each is tried before it is used, for who doesn't ask again when it was dropped.
    """
    url = make_url(db_url).set(drivername="postgresql+psycopg")
    dichas = url.query.get("options", "")
    motor = create_engine(
        url,
        connect_args={
            # A rebuild changes the tables' columns under a prepared statement, which then fails.
            "prepare_threshold": None,
            "options": f"-c statement_timeout={int(segundos * 1000)} {dichas} -c TimeZone=UTC -c DateStyle=ISO",
            "application_name": "alpes bff",
        },
        # An error's text would quote the values of its statement, a person's data among them.
        hide_parameters=True,
        pool_pre_ping=sondeo,
        poolclass=ColaConPlazo,
        pool_size=conexiones,
        max_overflow=0,
        pool_timeout=segundos,
    )

    @event.listens_for(motor, "do_connect")
    def _conectar(_: Any, __: Any, args: Any, datos: dict[str, Any]) -> ConPlazo:
        falta = queda(segundos)
        if falta <= 0:
            raise psycopg.errors.ConnectionTimeout
        datos["connect_timeout"] = max(2, math.ceil(falta))
        conexion = ConPlazo.connect(*args, **datos)
        conexion.segundos = segundos
        return conexion

    @event.listens_for(motor, "before_cursor_execute")
    def _acotar(con: Connection, cursor: Any, *_: Any) -> None:
        if (falta := queda(segundos)) < DE_SOBRA * segundos:
            cursor.execute(f"SET LOCAL statement_timeout = {max(1, int(falta * 1000))}")

    return motor
