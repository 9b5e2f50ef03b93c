"""How far a build of read models has come, on standard error: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from projections.motor.marcha import Avance

CADA = 5.0
"""Seconds between two lines where there is no terminal."""
FASES = {
    "construir": "doblando eventos",
    "comparar": "comparando",
    "esperar": "esperando a lecturas en curso",
    "listo": "listo",
}

Aviso = Callable[["Avance"], None]


@contextmanager
def progreso() -> Iterator[Aviso]:
    """What to tell each step of a build to, within the block."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

    consola = Console(stderr=True)
    if not consola.is_terminal:
        yield _Lineas(consola)
        return
    columnas = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
                TextColumn("{task.fields[ritmo]}"))  # fmt: skip
    with Progress(*columnas, console=consola, transient=True) as barras:
        yield _Barras(barras)


class _Ritmo:
    """Rate and time to go of each read model, from its first step on."""

    def __init__(self) -> None:
        self._inicios: dict[str, tuple[float, int]] = {}

    def __call__(self, avance: "Avance") -> str:
        if avance.fase != "construir":
            return ""
        ahora = time.monotonic()
        inicio, pasados = self._inicios.setdefault(avance.proyeccion, (ahora, avance.pasados))
        segundos, hechos = ahora - inicio, avance.pasados - pasados
        if segundos <= 0 or hechos <= 0:
            return ""
        ritmo = hechos / segundos
        return f"{ritmo:,.0f} eventos/s · faltan {duracion((avance.total - avance.pasados) / ritmo)}"


class _Barras:
    def __init__(self, barras: "Progress") -> None:
        self._barras, self._ritmo = barras, _Ritmo()
        self._tareas = dict[str, int]()

    def __call__(self, avance: "Avance") -> None:
        if avance.proyeccion not in self._tareas:
            self._tareas[avance.proyeccion] = self._barras.add_task("", total=None, ritmo="")
        self._barras.update(
            self._tareas[avance.proyeccion],  # type: ignore[arg-type]  # a TaskID is an int
            description=f"{avance.proyeccion}: {FASES[avance.fase]}",
            total=max(avance.total, 1),
            completed=avance.pasados if avance.total else 1,
            ritmo=self._ritmo(avance),
        )


class _Lineas:
    def __init__(self, consola: "Console") -> None:
        self._consola, self._ritmo = consola, _Ritmo()
        self._dicho: dict[str, tuple[str, float]] = {}

    def __call__(self, avance: "Avance") -> None:
        ahora, ritmo = time.monotonic(), self._ritmo(avance)
        fase, a_las = self._dicho.get(avance.proyeccion, ("", 0.0))
        if fase == avance.fase and ahora - a_las < CADA:
            return
        self._dicho[avance.proyeccion] = avance.fase, ahora
        parte = 100 * avance.pasados / avance.total if avance.total else 100
        texto = f"{avance.proyeccion}: {FASES[avance.fase]} {parte:.0f} % ({avance.pasados} de {avance.total}) {ritmo}"
        self._consola.print(texto.rstrip(), highlight=False, soft_wrap=True)


def duracion(segundos: float) -> str:
    """A length of time as a person says it."""
    if segundos < 60:
        return f"{segundos:.0f} s" if segundos >= 10 else f"{segundos:.1f} s"
    minutos, resto = divmod(round(segundos), 60)
    horas, minutos = divmod(minutos, 60)
    return f"{horas} h {minutos:02} min" if horas else f"{minutos} min {resto:02} s"
