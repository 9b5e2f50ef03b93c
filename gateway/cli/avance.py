"""How far an export has come, on standard error."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from gateway.auditoria.exportacion import Tramo


@contextmanager
def barra(tramo: "Tramo") -> Iterator[Callable[[str, int], None]]:
    """A bar for each log of a range; the function tells it the position reached in a module's log."""
    columnas = (TextColumn("{task.description:14}"), BarColumn(), TaskProgressColumn(show_speed=True),
                TimeRemainingColumn())  # fmt: skip
    consola = Console(stderr=True)
    # The library ends a bar that nobody sees with an empty line.
    with Progress(*columnas, console=consola, transient=True, disable=not consola.is_terminal) as progreso:
        tareas = {}
        for aplicacion in tramo.aplicaciones if tramo.stream is None else ():
            desde, hasta = tramo.limites(aplicacion)
            tareas[aplicacion.modulo] = (progreso.add_task(aplicacion.modulo, total=max(hasta - desde, 0)), desde)

        def avance(modulo: str, posicion: int) -> None:
            tarea, desde = tareas[modulo]
            progreso.update(tarea, completed=posicion - desde)

        yield avance
