"""How long the request under way may still take, wherever its work is done."""

import time
from contextvars import ContextVar, Token

_LIMITE: ContextVar[float] = ContextVar("limite")


def abrir_plazo(segundos: float, desde: float | None = None) -> Token[float]:
    """Give what runs from here on, threads and tasks included, ``segundos`` in all since ``desde``, which is now."""
    return _LIMITE.set((time.monotonic() if desde is None else desde) + segundos)


def cerrar_plazo(ficha: Token[float] | None) -> None:
    """End what ``abrir_plazo`` began."""
    if ficha is not None:
        _LIMITE.reset(ficha)


def queda(si_no_hay: float) -> float:
    """Seconds that are left, never less than 0; ``si_no_hay`` outside of any."""
    limite = _LIMITE.get(None)
    return si_no_hay if limite is None else max(0.0, limite - time.monotonic())
