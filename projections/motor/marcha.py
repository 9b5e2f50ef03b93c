"""One generation of a projection, moved along all its logs on one connection."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from projections.motor.log import Log
from projections.motor.proyeccion import Proyeccion
from projections.motor.seguidor import LOTE, Seguidor
from projections.motor.seguimiento import Lugar, Seguimiento

PAUSA = 0.05
"""Seconds between two looks at a log whose next event a writer has not finished."""


@dataclass(frozen=True, slots=True)
class Avance:
    """How far a build has come.

    ``fase`` is CONSTRUIR, COMPARAR, ESPERAR (for readers that began before) or LISTO. ``pasados`` and ``total`` count
    positions of all its logs, some of which are dead; ``hechos`` the events that this process took in.
    """

    proyeccion: str
    fase: str
    pasados: int
    total: int
    hechos: int


CONSTRUIR, COMPARAR, ESPERAR, LISTO = "construir", "comparar", "esperar", "listo"
Aviso = Callable[[Avance], None]


class Marcha:
    """Raises what a Seguidor raises, PosicionDisputada above all; it is of no more use then."""

    def __init__(
        self,
        proyeccion: Proyeccion,
        logs: Mapping[str, Log],
        motor: Engine,
        sesion: Session,
        *,
        lugar: Lugar,
        limite: int = LOTE,
    ) -> None:
        """``sesion`` is bound to a connection of its own on which names mean the tables at ``lugar``."""
        seguimiento = Seguimiento(motor)
        self._logs = logs
        self.proyeccion, self.lugar, self.hechos = proyeccion, lugar, 0
        self._seguidores = {
            conmutador.aplicacion: Seguidor(
                proyeccion, conmutador, logs[conmutador.aplicacion], seguimiento, sesion, lugar=lugar, limite=limite
            )
            for conmutador in proyeccion.conmutadores
        }

    @property
    def posiciones(self) -> dict[str, int]:
        """Where it stands, by application."""
        return {aplicacion: seguidor.posicion for aplicacion, seguidor in self._seguidores.items()}

    def avanzar(self, aplicacion: str, hasta: int | None = None) -> int:
        """Take in the next batch of one log, as ``Seguidor.avanzar``."""
        pasados = self._seguidores[aplicacion].avanzar(hasta)
        self.hechos += pasados
        return pasados

    def alcanzar(self, metas: Mapping[str, int], tras_lote: Callable[[], None] = lambda: None) -> None:
        """Take in each log up to its position in ``metas``, or to its end. ``tras_lote`` is called after each batch.

        It is called too after each look in vain at a log whose next event a writer has not finished.
        """
        for aplicacion, meta in metas.items():
            while self._seguidores[aplicacion].posicion < meta:
                if not self.avanzar(aplicacion, meta):
                    if self._no_hay_mas(aplicacion, meta):
                        break
                    self._logs[aplicacion].esperar_novedad(PAUSA)
                tras_lote()

    def avance(self, fase: str, metas: Mapping[str, int]) -> Avance:
        """What to tell of the way to ``metas``."""
        total = sum(metas.values())
        pasados = sum(min(self.posiciones[aplicacion], meta) for aplicacion, meta in metas.items())
        return Avance(self.proyeccion.nombre, fase, pasados, total, self.hechos)

    def _no_hay_mas(self, aplicacion: str, meta: int) -> bool:
        """Whether nothing is left up to ``meta``, which may be a position that no event has."""
        posicion, log = self._seguidores[aplicacion].posicion, self._logs[aplicacion]
        siguiente = log.leer(posicion, 1)
        return siguiente[0].posicion > meta if siguiente else log.cabeza() <= posicion
