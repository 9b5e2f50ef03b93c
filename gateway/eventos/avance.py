"""A follower's step along a log."""

from dataclasses import dataclass

from eventsourcing.persistence import Tracking


@dataclass(frozen=True)
class Avance(Tracking):
    """A step that counts only from ``desde``, the position that the follower has stored (0: none yet).

    A plain Tracking counts from any lower position, which is enough for one event; a step over several would count
    again those that a second worker has counted meanwhile.
    """

    desde: int
