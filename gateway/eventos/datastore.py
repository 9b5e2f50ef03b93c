"""The pool of writer connections that the three applications of a process share."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, TypeVar, cast

import psycopg
from eventsourcing.persistence import (
    DatabaseError,
    DataError,
    IntegrityError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
)
from eventsourcing.postgres import ConnectionPool, PostgresDatastore
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row, tuple_row

from gateway.eventos.conexion import Conexion, ConPlazo
from projections.revision import EN_LA_BASE, REVISION

T = TypeVar("T")
PACIENCIA = 3.0
"""Seconds for which a lost connection is tried again, while somebody waits: a quick restart of the server fits in."""
OCIOSO_EN_TRANSACCION = 5.0
"""Seconds after which the server ends a transaction that does nothing: readers wait at its gap."""
REINTENTO_DE_RESERVA = 5.0
"""Seconds for which the pool itself goes on trying to connect."""
POR_DEFECTO = {"connect_timeout": 3, "tcp_user_timeout": 10_000}
"""Overridden by the URL's own parameters. Without them a peer that vanished is waited for minutes."""


class AlmacenInseguro(RuntimeError):
    """The database is set up in a way that would lose, skip or hide events."""


class _Reserva(ConnectionPool[Any]):
    """Lends the connection that came back last: what serves it is warm, be it here or at the server.

    The library's pool lends all of them in turn, and looks, counts and logs, though one is free and nobody waits.
    """

    def getconn(self, timeout: float | None = None) -> Any:
        try:
            conexion = self._pool.pop()
        except IndexError:
            return super().getconn(timeout)
        conexion._pool = self
        return conexion

    def putconn(self, conn: Any) -> None:
        if conn.pgconn.transaction_status == TransactionStatus.IDLE and conn._expire_at > time.monotonic():
            with self._lock:
                if not self._waiting and not self._closed:
                    conn._pool = None
                    self._pool.append(conn)
                    return
        super().putconn(conn)


class Datastore(PostgresDatastore):
    """A pool over ``db_url``, whose query parameters (``sslmode``…) reach every connection. Opened by its first use."""

    def __init__(self, db_url: str, *, conexiones: int = 20, con_plazo: bool = False) -> None:
        super().__init__(
            *[""] * 5,
            idle_in_transaction_session_timeout=OCIOSO_EN_TRANSACCION,
            originator_id_type="text",
        )
        # Texts go as they are encoded here, whatever encoding the server would speak otherwise.
        self._parametros: dict[str, Any] = {**POR_DEFECTO, **conninfo_to_dict(db_url), "client_encoding": "UTF8"}
        self.pool = _Reserva(
            kwargs={**self._parametros, "row_factory": dict_row},
            connection_class=ConPlazo if con_plazo else Conexion,
            min_size=1,
            max_size=conexiones,
            timeout=PACIENCIA,
            # The pool tries at 1, 3, 7, 15… seconds and starts anew only when it has given up: after an outage of a
            # minute it would sleep for another one.
            reconnect_timeout=REINTENTO_DE_RESERVA,
            configure=self.after_connect_func(),
            open=False,
        )

    def register_type_adapters(self) -> None:
        """Do nothing: no composite type is used, and a recorder must not connect when it is made."""

    @contextmanager
    def get_connection(self) -> Iterator[Conexion]:
        """A pooled connection, autocommit, for the length of a ``with`` block. Raises the library's errors.

        The library's own way enters four contexts and ends a transaction that never began: half of an append.
        """
        try:
            if self.pool.closed:
                self.pool.open()
            conexion = cast(Conexion, self.pool.getconn())
            try:
                yield conexion
            finally:
                self.pool.putconn(conexion)
        except psycopg.Error as error:
            for de_psycopg, de_la_biblioteca in _TRADUCCION:
                if isinstance(error, de_psycopg):
                    raise de_la_biblioteca(str(error)) from error
            raise PersistenceError(str(error)) from error

    def conectar(self) -> psycopg.Connection[Any]:
        """A connection outside of the pool, autocommit, for who keeps it. Raises psycopg.OperationalError."""
        return psycopg.connect(**self._parametros, autocommit=True)

    def insistir(self, accion: Callable[[bool], T]) -> T:
        """Call ``accion`` again while the connection gets lost, for PACIENCIA seconds at most.

        ``accion`` is told whether an earlier call may have had its effect without our learning of it.
        Raises the last InterfaceError or OperationalError.
        """
        limite = time.monotonic() + PACIENCIA
        for intento in count():
            try:
                return accion(intento > 0)
            except (InterfaceError, OperationalError):
                pausa = min(0.02 * 2**intento, 0.5)
                if self.pool.closed or time.monotonic() + pausa > limite:
                    raise
                # A restart breaks every pooled connection: replace them now, not one failed try each.
                self.pool.check()
                time.sleep(pausa)
        raise AssertionError

    def filas(self, consulta: str | sql.Composed, parametros: Sequence[Any] = ()) -> list[Any]:
        """Rows of a query, as tuples, in a snapshot of its own. Raises as ``insistir`` does."""

        def intentar(_: bool) -> list[Any]:
            with self.get_connection() as conexion, conexion.cursor(row_factory=tuple_row, binary=True) as cursor:
                return cursor.execute(consulta, parametros, prepare=True).fetchall()

        return self.insistir(intentar)

    def comprobar(self, tablas: tuple[str, ...]) -> None:
        """Refuse a database that older code made, or on which appends or gap-safe reads would not hold.

        Raises AlmacenInseguro, and OperationalError at once, with the server's own reason, when it can't be reached.
        """
        try:
            with self.conectar() as conexion:
                ((faltan, con_cache, replica, asincrono, aislamiento),) = conexion.execute(_AJUSTES, (list(tablas),))
                # What newer code made will do: processes are replaced one after another.
                ((hay,),) = [(REVISION,)] if faltan else conexion.execute(EN_LA_BASE)
        except psycopg.OperationalError as error:
            raise OperationalError(str(error)) from error
        motivos = {
            f"faltan tablas ({', '.join(faltan)}): ejecute alpes migrar": faltan,
            f"sus tablas son de una versión anterior ({hay}, y hace falta la {REVISION}): ejecute alpes migrar": (
                hay is None or hay < REVISION
            ),
            "las secuencias de posiciones deben tener CACHE 1": con_cache,
            "es una réplica, donde no se ven los bloqueos de quien escribe": replica,
            "synchronous_commit está en off": asincrono,
            "default_transaction_isolation debe ser read committed": aislamiento != "read committed",
        }
        malos = [motivo for motivo, hallado in motivos.items() if hallado]
        if malos:
            raise AlmacenInseguro("No se puede usar esta base de datos: " + "; ".join(malos))


_TRADUCCION: tuple[tuple[type[psycopg.Error], type[PersistenceError]], ...] = (
    (psycopg.InterfaceError, InterfaceError),
    (psycopg.OperationalError, OperationalError),
    (psycopg.DataError, DataError),
    (psycopg.IntegrityError, IntegrityError),
    (psycopg.InternalError, InternalError),
    (psycopg.ProgrammingError, ProgrammingError),
    (psycopg.NotSupportedError, NotSupportedError),
    (psycopg.DatabaseError, DatabaseError),
)
_AJUSTES = """
WITH logs AS (SELECT nombre, to_regclass('public.' || nombre) AS tabla FROM unnest(%s::text[]) AS nombre)
SELECT ARRAY(SELECT nombre FROM logs WHERE tabla IS NULL),
       EXISTS (SELECT FROM logs JOIN pg_sequence
               ON seqrelid = pg_get_serial_sequence(tabla::text, 'notification_id')::regclass
               WHERE seqcache > 1),
       pg_is_in_recovery(),
       current_setting('synchronous_commit') = 'off',
       current_setting('default_transaction_isolation')
"""
