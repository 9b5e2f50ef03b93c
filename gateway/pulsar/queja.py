"""What goes wrong again and again while a broker is away, told when it changes and then now and then."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog

SILENCIO = 30.0
"""Seconds in which the same complaint is not made again."""

_log = structlog.get_logger(__name__)


class Queja:
    """One follower's complaint of the broker."""

    def __init__(self, reloj: Callable[[], float] = monotonic, **quien: Any) -> None:
        """``quien`` complains, as every line tells."""
        self._reloj, self._quien = reloj, quien
        self._razon = ""
        self._dicha_en = 0.0

    def decir(self, que: str, error: str) -> None:
        """Log a failure, unless that was done a moment ago."""
        razon, ahora = f"{que}: {error}", self._reloj()
        if razon != self._razon or ahora - self._dicha_en >= SILENCIO:
            self._razon, self._dicha_en = razon, ahora
            _log.warning(que, **self._quien, error=error)

    def callar(self) -> None:
        """All is well again: the next failure is told at once."""
        self._razon = ""
