"""Something done on a thread of its own while a block does something else."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

VISTAZO = 0.5
"""Seconds between two looks at what is waited for: a signal that comes just before the main thread falls asleep, or to
another thread, is only attended to when the main thread wakes up."""


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
