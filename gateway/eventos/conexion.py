"""A writer's connection: an append sent without a cursor, and answers waited for no longer than somebody would."""

import os
from collections.abc import Sequence
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

T = TypeVar("T")
PLAZO = 5.0
"""Seconds that a statement may take where somebody waits for its outcome: a frozen server keeps its connections."""
DESPIERTO = 200e-6
"""Seconds that an append waits awake before it sleeps: most are stored sooner, and waking up takes a fifth of that."""


class Conexion(psycopg.Connection[Any]):
    """Also runs statements that it prepares once, under names of its own, which end with the connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._preparadas: dict[str, bytes] = {}

    def enviar(self, consulta: str, valores: Sequence[bytes]) -> PGresult:
        """Run one statement, autocommit. Raises psycopg's errors.

        ``valores`` are what its $1, $2… stand for, in PostgreSQL's binary form; the result comes in the text form.
        A cursor finds out each time how values of any kind are written, which statements are prepared, and what a row
        is made into: for an append that is as much work as the statement itself.
        """
        with self.lock:
            nombre = self._preparadas.get(consulta)
            if nombre is None:
                nombre = b"alpes_%d" % len(self._preparadas)
                self.pgconn.send_prepare(nombre, consulta.encode())
                self._resultado()
                self._preparadas[consulta] = nombre
            # Binary also because a text ends at its first NUL: so the server sees the NUL, and refuses it.
            self.pgconn.send_query_prepared(nombre, valores, [Format.BINARY] * len(valores))
            return self._resultado()

    def _esperar_despierto(self) -> None:
        hasta = monotonic() + DESPIERTO
        # Whoever else has work on this processor goes first, the server itself among them.
        while self.pgconn.is_busy() and monotonic() < hasta:
            os.sched_yield()
            self.pgconn.consume_input()

    def _resultado(self) -> PGresult:
        if not self.pgconn.flush():
            self._esperar_despierto()
        # As a cursor waits, so that what is said of waiting here and in psycopg (time-outs, Ctrl-C) holds.
        resultado: PGresult = self.wait(execute(self.pgconn))[-1]
        if resultado.status == ExecStatus.FATAL_ERROR:
            raise error_from_result(resultado, encoding=self.info.encoding)
        return resultado


class ConPlazo(Conexion):
    """Gives up, and closes, when an answer takes longer than PLAZO. Raises psycopg.OperationalError then.

    A time-out of the server's own is of no use here: a frozen one doesn't look at its clock.
    """

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        try:
            return super().wait(gen, interval, PLAZO if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise
