"""How much of the embedded broker is here, on standard error: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

QUE = "trayendo Apache Pulsar (solo la primera vez)"
CADA = 5.0
"""Seconds between two lines where there is no terminal."""
MEGA = 1_000_000


@contextmanager
def descarga() -> Iterator[Callable[[int, int], None]]:
    """What to tell, within the block, how many bytes are here and of how many. Silent when it is told nothing."""
    consola = Console(stderr=True)
    columnas = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
                TimeRemainingColumn())  # fmt: skip
    barra = Progress(*columnas, console=consola, transient=True)
    ultima = [0.0]

    def linea(bytes_: int, de: int) -> None:
        if bytes_ < de and time.monotonic() - ultima[0] < CADA:
            return
        ultima[0] = time.monotonic()
        consola.print(f"{QUE}: {bytes_ // MEGA} de {de // MEGA} MB", highlight=False, soft_wrap=True)

    def en_barra(bytes_: int, de: int) -> None:
        if not barra.tasks:
            barra.add_task(QUE, total=de)
            barra.start()
        barra.update(barra.task_ids[0], completed=bytes_)
        if bytes_ >= de:
            barra.stop()

    try:
        yield en_barra if consola.is_terminal else linea
    finally:
        if barra.live.is_started:
            barra.stop()
