"""Reading a log in order without passing a position that a live transaction may still fill.

A writer locks the table (RowExclusiveLock) before it takes a position and holds the lock until its commit is
visible, and positions are handed out in order. So when position M is visible, the owner of every position below M
has ended, or is among the holders seen in pg_locks after that. Once *those* have ended, what a new snapshot shows
up to M is all that there will ever be.
"""

import threading
import time
from bisect import bisect_right
from collections.abc import Collection, Sequence
from typing import NamedTuple

from psycopg import sql

from gateway.eventos.datastore import Datastore

PACIENCIA = 0.05
"""Seconds that a call waits at a gap before it returns what stands before it."""
SIN_TOPE = 2**63 - 1


class Fila(NamedTuple):
    """One stored event, as it stands in the log."""

    posicion: int
    originator_id: str
    version: int
    topic: str
    state: bytes


class Lectura:
    """Gap-safe reading of one log. Threads may share it."""

    def __init__(self, datastore: Datastore, tabla: str) -> None:
        self._datastore = datastore
        nombre = sql.Identifier(datastore.schema, tabla)
        filas = sql.SQL(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {} "
            "WHERE notification_id > %s AND notification_id <= %s"
        ).format(nombre)
        orden = sql.SQL(" ORDER BY notification_id LIMIT %s")
        self._todas = filas + orden
        self._de_streams = filas + sql.SQL(" AND originator_id = ANY(%s) ORDER BY notification_id")
        cuentas = sql.SQL("SELECT topic, count(*) FROM {} WHERE notification_id <= %s GROUP BY topic")
        self._tipos = cuentas.format(nombre)
        self._de_topics = filas + sql.SQL(" AND topic = ANY(%s)") + orden
        # One statement: its snapshot, which gives the maximum, is older than its look at the locks.
        self._mirada = sql.SQL(
            "SELECT coalesce((SELECT max(notification_id) FROM {0}), 0), ARRAY(SELECT DISTINCT virtualtransaction "
            "FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted AND database = "
            "(SELECT oid FROM pg_database WHERE datname = current_database()) AND relation = {1}::regclass)"
        ).format(nombre, sql.Literal(nombre.as_string()))
        self._candado = threading.Lock()
        self._asentado = 0
        self._pendiente: tuple[int, set[str]] | None = None

    def leer(self, desde: int, limite: int, hasta: int = SIN_TOPE, topics: Sequence[str] = ()) -> list[Fila]:
        """The events after position ``desde``, in order, ``limite`` at most, none beyond ``hasta``.

        Stops before a gap that a live transaction may still fill, after a wait of PACIENCIA seconds at most, so
        the list may be shorter than the log. ``topics`` keeps only these stored names.
        Raises eventsourcing's OperationalError when the database can't be reached.
        """
        if topics:
            # Gaps don't show among filtered positions: settle how far one may look, then filter.
            hasta = min(hasta, self._techo(desde, hasta))
            return self._seleccionar(self._de_topics, desde, hasta, list(topics), limite)
        firmes: list[Fila] = []
        espera = _Espera()
        while True:
            # Taken before the rows are: what another thread settles later says nothing about this snapshot.
            asentado = self._asentado
            lote = self._seleccionar(self._todas, desde, hasta, limite - len(firmes))
            sin_hueco = _prefijo(lote, max(desde, asentado))
            firmes += lote[:sin_hueco]
            if sin_hueco == len(lote):
                return firmes
            desde = firmes[-1].posicion if firmes else desde
            if not self._asentar() and not espera.un_poco():
                return firmes

    def siguiente(self, desde: int) -> list[Fila]:
        """The first event after position ``desde``, if any, whatever may still come before it."""
        return self._seleccionar(self._todas, desde, SIN_TOPE, 1)

    def de_streams(self, streams: Collection[str], desde: int, hasta: int) -> list[Fila]:
        """All events of these streams after ``desde`` and up to ``hasta``, in order. ``hasta`` must be final."""
        return self._seleccionar(self._de_streams, desde, hasta, list(streams))

    def tipos(self, hasta: int) -> dict[str, int]:
        """How many events there are of each stored name, up to ``hasta``."""
        return dict(self._datastore.filas(self._tipos, (hasta,)))

    def _techo(self, desde: int, hasta: int) -> int:
        """A position up to which everything is final, as high as can be had in PACIENCIA seconds."""
        tope = min(hasta, self._mirar()[0])
        espera = _Espera()
        while self._asentado < tope:
            if not self._asentar() and not espera.un_poco():
                asentado = self._asentado
                base = max(desde, asentado)
                lote = self._seleccionar(self._todas, base, tope, 1000)
                return base + _prefijo(lote, base)
        return max(tope, self._asentado)

    def _asentar(self) -> bool:
        """Look once whether the writers that were there at a gap have ended. True when the settled part grew.

        The writers waited for are those of the first look: a new set each time would never end under load.
        """
        with self._candado:
            tope, vivos = self._mirar()
            if self._pendiente is not None:
                tope, vivos = self._pendiente[0], self._pendiente[1] & vivos
            self._pendiente = (tope, vivos) if vivos else None
            if not vivos:
                self._asentado = max(self._asentado, tope)
            return not vivos

    def _mirar(self) -> tuple[int, set[str]]:
        (tope, vivos), = self._datastore.filas(self._mirada)  # fmt: skip
        return tope, set(vivos)

    def _seleccionar(self, consulta: sql.Composed, *parametros: object) -> list[Fila]:
        return list(map(Fila._make, self._datastore.filas(consulta, parametros)))


class _Espera:
    """Patience at a gap: short sleeps that grow, PACIENCIA seconds in all."""

    def __init__(self) -> None:
        self._limite = time.monotonic() + PACIENCIA
        self._pausa = 0.001

    def un_poco(self) -> bool:
        """Sleep, or return False when time is up."""
        if time.monotonic() + self._pausa > self._limite:
            return False
        time.sleep(self._pausa)
        self._pausa = min(self._pausa * 2, 0.016)
        return True


def _prefijo(lote: list[Fila], base: int) -> int:
    """How many of the rows come before the first gap, when everything up to ``base`` is final."""
    finales = bisect_right(lote, base, key=lambda fila: fila.posicion)
    if not lote or lote[-1].posicion - base == len(lote) - finales:
        return len(lote)
    for indice in range(finales, len(lote)):
        if lote[indice].posicion != base + 1 + indice - finales:
            return indice
    return len(lote)
