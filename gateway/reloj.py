"""The clock: begins and ends campaigns when their dates come."""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from domain.base.contexto import Actor, Contexto
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import SeguirCalendario
from gateway.bucle import CONEXION_PERDIDA

ACTOR = Actor("system", "reloj")
PULSO = 0.5
"""Seconds between two looks: with the read side's lag a campaign still follows its dates within five seconds."""

_log = structlog.get_logger(__name__)


class Reloj:
    """Looks for campaigns whose date has come and has each follow its calendar. Any number may run at once.

    The list is only a hint: the campaign decides, and one that has followed already does nothing.
    """

    def __init__(
        self, campanias: Campanias, vencidas: Callable[[datetime], Sequence[str]], ahora: Callable[[], datetime]
    ) -> None:
        """``vencidas`` lists the campaigns with a date that has come; ``ahora`` tells the time (aware, UTC)."""
        self._campanias, self._vencidas, self._ahora = campanias, vencidas, ahora

    def paso(self) -> float:
        """Have every due campaign follow its calendar; return the seconds to wait until the next look."""
        for campania in self._vencidas(self._ahora()):
            self._seguir(campania)
        return PULSO

    def _seguir(self, campania: str) -> None:
        try:
            self._campanias.ejecutar(SeguirCalendario(campania), Contexto(ahora=self._ahora(), actor=ACTOR))
        except CONEXION_PERDIDA:
            raise
        except Exception:
            _log.exception("la campaña no siguió su calendario", campania=campania)
