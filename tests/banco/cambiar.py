"""How long the slowest read takes while tables are switched under it."""

import threading
from collections.abc import Callable
from statistics import median
from time import perf_counter

import psycopg

from gateway.cli.siembra import sembrar
from gateway.composicion import construir
from gateway.config import Config
from gateway.eventos.log import logs_de
from projections.motor.conduccion import Taller
from projections.motor.reconstruccion import reconstruir, volver
from projections.registro import PROYECCIONES
from tests.banco.medir import Razon

CANTIDAD = 5_000
CAMBIOS = 10
LECTORES = 2
META = 50.0
"""Milliseconds."""
LEER = "SELECT id, estado, monto FROM payouts ORDER BY fecha_creacion DESC, id DESC LIMIT 20"


def medir(config: Config, rondas: int) -> list[Razon]:
    """The longest read of each of CAMBIOS switches there and back, while LECTORES read without a pause."""
    with construir(config) as sistema:
        sembrar(sistema, config, CANTIDAD, 1)
        taller = Taller(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
        # The first fills what a worker would have filled; the second is what one switches to and from.
        for _ in range(2):
            reconstruir("payouts", taller)
        with _Lectores(str(config.db_url)) as lectores:
            esperas = [lectores.la_mas_larga(lambda: volver("payouts", taller)) for _ in range(CAMBIOS)]
    razones = [META / espera for espera in esperas]
    return [Razon("lectura más larga durante el cambio de tablas", f"{META:.0f} ms", None, META / max(esperas),
                  min(razones), max(razones), max(esperas), median(esperas), "milisegundos (y mediana)")]  # fmt: skip


class _Lectores:
    """Readers that go on reading, and remember how long each read took."""

    def __init__(self, db_url: str) -> None:
        self._parar = threading.Event()
        self._lecturas: list[float] = []
        self._fallas: list[BaseException] = []
        self._hilos = [threading.Thread(target=self._leer, args=(db_url,)) for _ in range(LECTORES)]

    def la_mas_larga(self, hacer: Callable[[], object]) -> float:
        """Milliseconds of the longest read that ended while ``hacer`` was done. Raises what a reader met."""
        self._lecturas.clear()
        hacer()
        if self._fallas:
            raise self._fallas[0]
        return max(self._lecturas)

    def _leer(self, db_url: str) -> None:
        try:
            with psycopg.connect(db_url, autocommit=True) as conexion:
                while not self._parar.is_set():
                    inicio = perf_counter()
                    conexion.execute(LEER).fetchall()
                    self._lecturas.append((perf_counter() - inicio) * 1000)
        except BaseException as falla:
            self._fallas.append(falla)

    def __enter__(self) -> "_Lectores":
        for hilo in self._hilos:
            hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._parar.set()
        for hilo in self._hilos:
            hilo.join()
