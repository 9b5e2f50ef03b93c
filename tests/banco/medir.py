"""How the benchmarks measure: rounds of the peers in turn on one machine, and the median of the rounds' ratios."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from threading import Barrier, Thread
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Razon:
    """One line of the report: ``medida`` against ``par``, per second; ``meta`` is the ratio to reach.

    ``a_lo_sumo``: it is the ratio not to pass.
    """

    escenario: str
    par: str
    meta: float | None
    razon: float
    peor: float
    mejor: float
    medida: float
    medida_par: float | None
    unidad: str = "por segundo"
    a_lo_sumo: bool = False

    @property
    def cumple(self) -> bool | None:
        """True when the median ratio meets the goal; None when there is no goal."""
        if self.meta is None:
            return None
        return self.razon <= self.meta if self.a_lo_sumo else self.razon >= self.meta

    def como_dict(self) -> dict[str, Any]:
        return asdict(self) | {"cumple": self.cumple}


def comparar(
    escenario: str, nuestra: Callable[[], float], pares: dict[str, tuple[Callable[[], float], float]], rondas: int
) -> list[Razon]:
    """Run ours and each peer in turn, ``rondas`` times after a warm-up, and return a line a peer.

    Each callable does its work once and returns operations per second; ``pares`` gives each peer's goal.
    """
    nuestra()
    for par, _ in pares.values():
        par()
    vueltas = [(nuestra(), {nombre: par() for nombre, (par, _) in pares.items()}) for _ in range(rondas)]
    lineas = []
    for nombre, (_, meta) in pares.items():
        razones = [propia / ajenas[nombre] for propia, ajenas in vueltas]
        lineas.append(
            Razon(
                escenario,
                nombre,
                meta,
                median(razones),
                min(razones),
                max(razones),
                median(propia for propia, _ in vueltas),
                median(ajenas[nombre] for _, ajenas in vueltas),
            )
        )
    return lineas


def a_la_vez(trabajos: Sequence[Callable[[], int]]) -> float:
    """Start all at one moment, a thread each, and return operations per second; each returns how many it did."""
    salida = Barrier(len(trabajos) + 1)
    hechas: list[int] = []
    errores: list[BaseException] = []

    def correr(trabajo: Callable[[], int]) -> None:
        salida.wait()
        try:
            hechas.append(trabajo())
        except BaseException as error:
            errores.append(error)

    hilos = [Thread(target=correr, args=(trabajo,)) for trabajo in trabajos]
    for hilo in hilos:
        hilo.start()
    salida.wait()
    inicio = perf_counter()
    for hilo in hilos:
        hilo.join()
    transcurrido = perf_counter() - inicio
    if errores:
        raise errores[0]
    return sum(hechas) / transcurrido
