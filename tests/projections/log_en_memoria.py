"""The in-memory twin of a module's log."""

import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple, cast

from domain.base.agregado import Agregado, Evento
from projections.motor.log import FilaDelLog

SALTO = 3
"""Positions jump, as they do in the store."""


class FilaEnMemoria(NamedTuple):
    posicion: int
    originator_id: str
    topic: str
    evento: Evento


class LogEnMemoria:
    """Holds events themselves. ``estropear`` makes one unreadable until it is ``curar``; ``cortar`` loses the
    connection for some reads."""

    def __init__(self, eventos: Iterable[Evento] = ()) -> None:
        self._filas: list[FilaEnMemoria] = []
        self._novedad = threading.Event()
        self._enfermos: set[int] = set()
        self._cortes = 0
        self.agregar(*eventos)

    def agregar(self, *eventos: Evento) -> int:
        """Append; return the position of the last one."""
        cabeza = self.cabeza()
        # All at once, as what a transaction stores: nobody reads the half of it.
        self._filas += [
            FilaEnMemoria(cabeza + SALTO * lugar, evento.originator_id, evento.TOPIC, evento)
            for lugar, evento in enumerate(eventos, 1)
        ]
        self._novedad.set()
        return self.cabeza()

    def estropear(self, evento: Evento) -> None:
        self._enfermos.add(id(evento))

    def curar(self, evento: Evento) -> None:
        self._enfermos.remove(id(evento))

    def cortar(self, lecturas: int) -> None:
        self._cortes = lecturas

    def leer(self, desde: int, limite: int) -> Sequence[FilaEnMemoria]:
        if self._cortes > 0:
            self._cortes -= 1
            raise ConnectionResetError
        primera = bisect_right(self._filas, desde, key=_posicion)
        return self._filas[primera : primera + limite]

    def siguiente(self, desde: int) -> Sequence[FilaEnMemoria]:
        return self.leer(desde, 1)

    def de_streams(self, streams: Collection[str], desde: int, hasta: int) -> Sequence[FilaEnMemoria]:
        return [fila for fila in self._entre(desde, hasta) if fila.originator_id in streams]

    def tipos(self, hasta: int) -> dict[str, int]:
        return Counter(fila.topic for fila in self._entre(0, hasta))

    def abrir(self, filas: Sequence[FilaDelLog]) -> Sequence[Evento]:
        eventos = [cast(FilaEnMemoria, fila).evento for fila in filas]
        if any(id(evento) in self._enfermos for evento in eventos):
            raise ValueError("ilegible")
        return eventos

    def cabeza(self) -> int:
        return self._filas[-1].posicion if self._filas else 0

    def esperar_novedad(self, segundos: float) -> bool:
        hay = self._novedad.wait(segundos)
        self._novedad.clear()
        return hay

    def _entre(self, desde: int, hasta: int) -> Sequence[FilaEnMemoria]:
        return self._filas[
            bisect_right(self._filas, desde, key=_posicion) : bisect_right(self._filas, hasta, key=_posicion)
        ]


def _posicion(fila: FilaEnMemoria) -> int:
    return fila.posicion


def eventos_de(*agregados: Agregado) -> list[Evento]:
    """What aggregates have decided and not stored, stream after stream."""
    return [cast(Evento, evento) for agregado in agregados for evento in agregado.collect_events()]
