"""Wait for what comes about by itself, without guessing how long it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PASO = 0.02
"""Seconds between two looks."""


def eventualmente(leer: Callable[[], T], listo: Callable[[T], bool], segundos: float = 120) -> T:
    """Call ``leer`` until ``listo`` accepts what it gives, and return that.

    Fails after ``segundos``, telling what was seen last. An exception of ``leer`` is not swallowed.
    """
    limite = time.monotonic() + segundos
    while True:
        visto = leer()
        if listo(visto):
            return visto
        if time.monotonic() > limite:
            raise AssertionError(f"No llegó en {segundos} s; lo último que se vio: {visto!r}")
        time.sleep(PASO)
