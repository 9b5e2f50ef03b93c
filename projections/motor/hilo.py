"""What is done on threads of its own, and waiting for it."""

import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from contextlib import contextmanager

VISTAZO = 0.5
"""Seconds between two looks at what is waited for."""


@contextmanager
def al_lado(tarea: Callable[[threading.Event], None], nombre: str) -> Iterator[None]:
    """Run ``tarea`` until the event that it is given is set, at the end of the block. Raises what it raised."""
    fin, fallas = threading.Event(), list[BaseException]()

    def correr() -> None:
        try:
            tarea(fin)
        except BaseException as falla:
            fallas.append(falla)

    hilo = threading.Thread(target=correr, name=nombre, daemon=True)
    hilo.start()
    try:
        yield
    finally:
        fin.set()
        hilo.join()
    if fallas:
        raise fallas[0]


def esperar(obras: Collection[Future[object]]) -> None:
    """Wait until all have ended, or one has failed. None may be cancelled meanwhile.

    A look now and then, because a signal that comes just before the main thread falls asleep, or to another thread,
    is only attended to when the main thread wakes up.
    """
    while wait(obras, VISTAZO, FIRST_EXCEPTION).not_done:
        if any(obra.done() and obra.exception() is not None for obra in obras):
            return
