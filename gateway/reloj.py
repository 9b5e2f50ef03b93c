"""The clock: begins and ends campaigns when their dates come."""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from domain.base.contexto import Actor, Contexto
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import SeguirCalendario
from gateway.bitacora import Bitacora
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
        self._bitacora = Bitacora("reloj")

    def paso(self) -> float:
        """Have every due campaign follow its calendar; return the seconds to wait until the next look."""
        for campania in self._vencidas(self._ahora()):
            self._seguir(campania)
        return PULSO

    def _seguir(self, campania: str) -> None:
        try:
            orden, asunto = SeguirCalendario(campania), uuid.uuid4().hex
            circunstancias = Contexto(ahora=self._ahora(), actor=ACTOR, correlation_id=asunto, causation_id=asunto)
            self._campanias.ejecutar(orden, circunstancias)
            self._bitacora.cumplida(orden, circunstancias, de=campania)
        except CONEXION_PERDIDA:
            raise
        except Exception:
            _log.exception("la campaña no siguió su calendario", campania=campania)
