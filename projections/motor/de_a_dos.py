"""Work on several read models: two at once, since each is a thread here and a server process there."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from projections.motor.hilo import esperar
from projections.motor.proyeccion import Proyeccion

A_LA_VEZ = 2


def de_a_dos(
    accion: Callable[[Proyeccion], object],
    proyecciones: Sequence[Proyeccion],
    parar: Callable[[], object] = lambda: None,
) -> None:
    """Call ``accion`` with each, those of most logs first: they would end alone.

    When one fails none is begun any more, and its failure is raised once the other has ended; when this thread is
    interrupted, ``parar`` is called to end them.
    """
    obras: list[Future[object]] = []
    with ThreadPoolExecutor(A_LA_VEZ) as hilos:
        try:
            # Within what is watched over: the interruption may come before the last of them is begun.
            obras.extend(
                hilos.submit(accion, una) for una in sorted(proyecciones, key=lambda una: -len(una.aplicaciones))
            )
            esperar(obras)
        except KeyboardInterrupt:
            parar()
            raise
        finally:
            for obra in obras:
                obra.cancel()
    for obra in obras:
        if not obra.cancelled():
            obra.result()
