"""Something brought to where a generation is while that one stands still, however fast it moves otherwise."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from projections.motor.conexion import conexion_propia
from projections.motor.generaciones import PUBLICO, Generacion
from projections.motor.seguimiento import Seguimiento

CERCA = 1000
"""Positions behind another generation from which on one catches up while that one stands still."""
TURNO = 1.0
"""Seconds for which a generation stands still at a time, while another catches up."""

Tomar = Callable[[Mapping[str, int], Callable[[], None]], None]
"""Takes in all up to these positions, by application; calls the second after each batch, which may raise to end it."""


class TurnoAgotado(Exception):
    """A generation has stood still for long enough: it goes on, and the other tries again."""


def turno() -> Callable[[], None]:
    """To be called after each batch. Raises TurnoAgotado once a TURNO has passed."""
    limite = time.monotonic() + TURNO

    def exigir() -> None:
        if time.monotonic() > limite:
            raise TurnoAgotado

    return exigir


@contextmanager
def quieta(motor: Engine, generacion: Generacion, tomar: Tomar) -> Iterator[dict[str, int]]:
    """Hold a generation in the block, where ``tomar`` has caught up with it: gives the positions, by application.

    What is missing is taken in a TURNO at a time, between which the generation gets through a batch: it can't run away.
    """
    with conexion_propia(motor, PUBLICO) as conexion, Session(conexion) as sesion:
        while True:
            with sesion.begin():
                detenidas = Seguimiento(motor).cercar(sesion, generacion.seguimientos)
                posiciones = {nombre.rsplit(":", 1)[1]: posicion for nombre, posicion in detenidas.items()}
                try:
                    tomar(posiciones, turno())
                except TurnoAgotado:
                    continue
                yield posiciones
                return


def lejos(metas: Mapping[str, int], hay: Mapping[str, int]) -> int:
    """How many positions are missing, in the log in which most are."""
    return max((meta - hay[una] for una, meta in metas.items()), default=0)
