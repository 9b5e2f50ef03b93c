"""From a command's answer to its effect in the query tables, with a worker beside, at 200 commands a second."""

import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import quantiles

import psycopg

from gateway.composicion import Sistema, construir
from gateway.config import RAIZ, Config, para_hijos
from tests.banco.medir import Razon
from tests.eventualmente import eventualmente
from tests.gateway.sistema import pago_hecho

POR_SEGUNDO = 200
SEGUNDOS = 5
ESCRITORES = 4
META = 10.0
"""Milliseconds, of 99 in 100."""
LLEGO = (
    "SELECT notification_id FROM seguimiento JOIN generaciones g ON estado = 'activa' AND proyeccion = 'payouts'"
    " AND application_name = 'payouts:' || numero || ':pagos'"
)


def medir(config: Config, rondas: int) -> list[Razon]:
    """Median and 99th percentile, over the second half of the run: a worker's first batches open its connections."""
    with construir(config) as sistema, _trabajador(config), _Vigia(str(config.db_url)) as vigia:
        sistema.pagos.ejecutar(pago_hecho("CICLO"))
        eventualmente(lambda: bool(vigia.posiciones), bool, segundos=30)
        aceptadas = _ordenar(sistema)
        eventualmente(lambda: vigia.posiciones[-1] >= max(aceptadas), bool, segundos=30)
        esperas = [vigia.visto(posicion) - cuando for posicion, cuando in aceptadas.items()]
    esperas = esperas[len(esperas) // 2 :]
    cien = quantiles((max(espera, 0) * 1000 for espera in esperas), n=100)
    return [
        Razon(f"de aceptado a visible, {POR_SEGUNDO} órdenes/s, p{cual}", f"{META:.0f} ms", None,
              META / cien[cual - 1], META / cien[-1], META / cien[0], cien[cual - 1], META, "milisegundos")
        for cual in (50, 99)
    ]  # fmt: skip


def _ordenar(sistema: Sistema) -> dict[int, float]:
    """Give commands at their rate; return when each was accepted, by its position."""
    inicio, aceptadas, compas = time.perf_counter(), dict[int, float](), threading.Event()

    def escritor(numero: int) -> None:
        for turno in range(numero, POR_SEGUNDO * SEGUNDOS, ESCRITORES):
            compas.wait(max(0, inicio + turno / POR_SEGUNDO - time.perf_counter()))
            posicion = sistema.pagos.ejecutar(pago_hecho("CICLO"))
            aceptadas[int(posicion)] = time.perf_counter()

    with ThreadPoolExecutor(ESCRITORES) as hilos:
        list(hilos.map(escritor, range(ESCRITORES)))
    return dict(sorted(aceptadas.items()))


class _Vigia:
    """Looks every millisecond how far the tables are."""

    def __init__(self, db_url: str) -> None:
        self.posiciones, self._cuando = list[int](), list[float]()
        self._parar = threading.Event()
        self._hilo = threading.Thread(target=self._mirar, args=(db_url,))

    def visto(self, posicion: int) -> float:
        """When the tables were first seen to have come this far."""
        return self._cuando[bisect_left(self.posiciones, posicion)]

    def _mirar(self, db_url: str) -> None:
        with psycopg.connect(db_url, autocommit=True, prepare_threshold=0) as conexion:
            while not self._parar.wait(0.001):
                ((posicion,),) = conexion.execute(LLEGO).fetchall()
                if posicion and (not self.posiciones or posicion > self.posiciones[-1]):
                    self._cuando.append(time.perf_counter())
                    self.posiciones.append(posicion)

    def __enter__(self) -> "_Vigia":
        self._hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._parar.set()
        self._hilo.join()


@contextmanager
def _trabajador(config: Config) -> Iterator[None]:
    proceso = subprocess.Popen(
        [sys.executable, "-P", "-m", "gateway.cli", "trabajador"],
        env={**para_hijos(config), "PYTHONPATH": str(RAIZ)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield
    finally:
        proceso.terminate()
        proceso.wait(30)
