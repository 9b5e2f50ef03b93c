"""Work on several read models: two at once, since each is a thread here and a server process there."""

import signal
import threading
from _thread import start_new_thread
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager

from projections.motor.hilo import VISTAZO
from projections.motor.proyeccion import Proyeccion

A_LA_VEZ = 2


def de_a_dos(
    accion: Callable[[Proyeccion], object],
    proyecciones: Sequence[Proyeccion],
    parar: Callable[[], object] = lambda: None,
) -> None:
    """Call ``accion`` with each, those of most logs first: they would end alone. From the main thread only.

    When one fails none is begun any more, and its failure is raised once the other has ended. When the process is
    interrupted ``parar`` is called to end them, and then KeyboardInterrupt raised.
    """
    with _interrupcion() as interrumpido, ThreadPoolExecutor(A_LA_VEZ) as hilos:
        obras = [hilos.submit(accion, una) for una in sorted(proyecciones, key=lambda una: -len(una.aplicaciones))]
        quedan = set(obras)
        while quedan:
            hechas, quedan = wait(quedan, VISTAZO, FIRST_COMPLETED)
            if interrumpido.is_set():
                parar()
            if interrumpido.is_set() or any(not obra.cancelled() and obra.exception() for obra in hechas):
                for obra in quedan:
                    obra.cancel()
    if interrumpido.is_set():
        raise KeyboardInterrupt
    for obra in obras:
        if not obra.cancelled():
            obra.result()


@contextmanager
def _interrupcion() -> Iterator[threading.Event]:
    """Set by an interruption within the block, which goes on: raised anywhere, it would leave locks behind."""
    pedida = threading.Event()
    antes = signal.signal(signal.SIGINT, lambda *_: start_new_thread(pedida.set, ()))
    try:
        yield pedida
    finally:
        signal.signal(signal.SIGINT, antes)
