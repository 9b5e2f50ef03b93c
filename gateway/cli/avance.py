"""The progress of long work, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from gateway.auditoria.exportacion import Tramo
    from projections.motor.marcha import Avance


@contextmanager
def barra(tramo: "Tramo") -> Iterator[Callable[[str, int], None]]:
    """A bar for each log of a range; the function tells it the position reached in a module's log."""
    with _progreso() as progreso:
        tareas = {}
        for aplicacion in tramo.aplicaciones if tramo.stream is None else ():
            desde, hasta = tramo.limites(aplicacion)
            tareas[aplicacion.modulo] = (progreso.add_task(aplicacion.modulo, total=max(hasta - desde, 0)), desde)

        def avance(modulo: str, posicion: int) -> None:
            tarea, desde = tareas[modulo]
            progreso.update(tarea, completed=posicion - desde)

        yield avance


@contextmanager
def barras() -> "Iterator[Callable[[Avance], None]]":
    """A bar for each projection that is built; the function tells it how far one has come."""
    with _progreso() as progreso:
        tareas: dict[str, TaskID] = {}

        def avance(uno: "Avance") -> None:
            if uno.proyeccion not in tareas:
                tareas[uno.proyeccion] = progreso.add_task(uno.proyeccion)
            progreso.update(tareas[uno.proyeccion], completed=uno.pasados, total=uno.total)

        yield avance


def _progreso() -> Progress:
    columnas = (TextColumn("{task.description:14}"), BarColumn(), TaskProgressColumn(show_speed=True),
                TimeRemainingColumn())  # fmt: skip
    consola = Console(stderr=True)
    # The library ends a bar that nobody sees with an empty line.
    return Progress(*columnas, console=consola, transient=True, disable=not consola.is_terminal)
