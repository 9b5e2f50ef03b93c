"""Named points of relay and consumer at which a drill may make something die. In service nobody looks at them."""

from collections.abc import Callable
from enum import StrEnum


class Punto(StrEnum):
    LEIDO = "leído"
    """The relay has read events from the log, and has sent none of them."""
    A_MEDIO_RELATAR = "a medio relatar"
    """Some of those events are sent."""
    CONFIRMADO = "confirmado"
    """The broker has them; the relay has not stored that."""
    A_MEDIO_CONTAR = "a medio contar"
    """The consumer is at its messages; nothing of what follows from them is stored."""
    CONTADO = "contado"
    """What follows from the messages is stored; the broker has not heard that."""


_vigias: list[Callable[[Punto], None]] = []


def pasar(punto: Punto) -> None:
    """Say that this process is at ``punto``."""
    for vigia in _vigias:
        vigia(punto)


def vigilar(vigia: Callable[[Punto], None]) -> None:
    """Have ``vigia`` told of every point that this process passes, in the thread that does."""
    _vigias.append(vigia)
