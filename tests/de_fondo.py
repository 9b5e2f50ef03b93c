"""Somebody who is busy beside a test, on threads of their own."""

import threading
from collections.abc import Callable
from typing import Self


class DeFondo:
    """Runs each of ``tareas``, which look at ``_fin``, until the end of the block."""

    def __init__(self, *tareas: Callable[[], None]) -> None:
        self._fin = threading.Event()
        self._hilos = [threading.Thread(target=una) for una in tareas]

    def __enter__(self) -> Self:
        for hilo in self._hilos:
            hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fin.set()
        for hilo in self._hilos:
            hilo.join(120)
            assert not hilo.is_alive()
