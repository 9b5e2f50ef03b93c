"""What the engine asks of an event log. The gateway provides it; tests have a twin in memory."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from domain.base.agregado import Evento


class FilaDelLog(Protocol):
    """A stored event, still sealed, at its place in the log."""

    @property
    def posicion(self) -> int: ...

    @property
    def originator_id(self) -> str: ...

    @property
    def topic(self) -> str: ...


class Log(Protocol):
    """One module's events in the order of their positions, which rise and may jump."""

    def leer(self, desde: int, limite: int) -> Sequence[FilaDelLog]:
        """At most ``limite`` rows after position ``desde``, none of which can still be preceded by a new one."""

    def siguiente(self, desde: int) -> Sequence[FilaDelLog]:
        """The first row after position ``desde``, if any, also past a gap: to be looked at, not to be followed."""

    def de_streams(self, streams: Collection[str], desde: int, hasta: int) -> Sequence[FilaDelLog]:
        """All rows of these streams after position ``desde`` and up to ``hasta``, which a follower has passed."""

    def tipos(self, hasta: int) -> Mapping[str, int]:
        """How many events there are of each stored name, up to position ``hasta``."""

    def abrir(self, filas: Sequence[FilaDelLog]) -> Sequence[Evento]:
        """Decode rows into events, one for each. Raises on the first that can't be."""

    def cabeza(self) -> int:
        """Position of the last event, 0 when there is none."""

    def esperar_novedad(self, segundos: float) -> bool:
        """Wait until something may have been appended, ``segundos`` at most. A hint: it may be wrong."""
