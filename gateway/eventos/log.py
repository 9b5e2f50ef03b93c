"""An application's log, as the projections' engine and the reactions follow it."""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from domain.base.agregado import Evento
from domain.base.aplicacion import Aplicacion
from gateway.eventos.lectura import Fila
from gateway.eventos.mapper import MapperTipado
from gateway.eventos.recorder import Recorder
from projections.motor.log import FilaDelLog


class LogDeAplicacion:
    """One follower's view: hints that come between two waits are kept for it. See ``projections.motor.log.Log``."""

    def __init__(self, aplicacion: Aplicacion) -> None:
        self._recorder = cast(Recorder, aplicacion.recorder)
        self._mapper = cast(MapperTipado, aplicacion.mapper)
        self._novedades = self._recorder.novedades()

    def leer(self, desde: int, limite: int) -> list[Fila]:
        """At most ``limite`` events after position ``desde``; never beyond a gap that may still be filled."""
        return self._recorder.leer(desde, limite)

    def siguiente(self, desde: int) -> list[Fila]:
        """The first event after position ``desde``, if any, also past a gap that may still be filled."""
        return self._recorder.siguiente(desde)

    def de_streams(self, streams: Collection[str], desde: int, hasta: int) -> list[Fila]:
        """All events of these streams after position ``desde`` and up to ``hasta``, which must be final, in order."""
        return self._recorder.de_streams(streams, desde, hasta)

    def tipos(self, hasta: int) -> dict[str, int]:
        """How many events there are of each stored name, up to position ``hasta``. Reads the whole log."""
        return self._recorder.tipos(hasta)

    def del_flujo(self, flujo: str, desde: int) -> list[Fila]:
        """The events of one stream from version ``desde`` on. Their positions are not told: all are 0."""
        guardados = self._recorder.select_events(flujo, gt=desde - 1)
        return [Fila(0, flujo, uno.originator_version, uno.topic, uno.state) for uno in guardados]

    def abrir(self, filas: Sequence[FilaDelLog]) -> list[Evento]:
        """Decode rows into events, one for each. Raises MapperDeserialisationError on the first that can't be."""
        return self._mapper.to_domain_events(cast(Sequence[Fila], filas))

    def abrir_sin_personales(self, filas: Sequence[Fila]) -> list[Evento]:
        """As ``abrir``, with None in every personal field: for who has no need of them. No key is asked for."""
        return self._mapper.sin_personales(filas)

    def puede_ser(self, fila: FilaDelLog, clases: tuple[type[Evento], ...]) -> bool:
        """Whether a row holds one of these events. One whose name nobody knows may be any."""
        return self._mapper.puede_ser(fila.topic, clases)

    def cabeza(self) -> int:
        """Position of the last event, 0 when there is none."""
        return self._recorder.max_notification_id() or 0

    def esperar_novedad(self, segundos: float) -> bool:
        """Wait for a hint, ``segundos`` at most; look at the log either way."""
        return self._novedades.esperar(segundos)


def logs_de(aplicaciones: Mapping[str, Aplicacion]) -> dict[str, LogDeAplicacion]:
    """The logs of applications, by name: one follower's view."""
    return {nombre: LogDeAplicacion(aplicacion) for nombre, aplicacion in aplicaciones.items()}
