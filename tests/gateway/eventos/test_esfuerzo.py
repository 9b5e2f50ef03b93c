"""Writers that dawdle, repent and die; readers that must see everything once, in order."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import psycopg
from eventsourcing.persistence import StoredEvent

from gateway.eventos.fabrica import Tienda
from gateway.eventos.recorder import Recorder
from tests.eventualmente import eventualmente
from tests.gateway.eventos.apoyo import MAESTRA, insertar, nuevo, recorder_de

SEGUNDOS, A_LO_SUMO = 6.0, 120.0
FILAS, MUERTES = 500, 6
"""Stored, and killed: with fewer there is nothing to see, and a slow machine goes on."""
LENTOS, RAPIDOS = 6, 4


class Carga:
    """Writers of one log, until enough has happened."""

    def __init__(self, db_url: str, recorder: Recorder) -> None:
        self._db_url, self._recorder = db_url, recorder
        self._inicio = time.monotonic()
        self.confirmadas: list[int] = []
        """Positions of which a writer was told that they are stored."""
        self.muertes = 0

    def _sigue(self) -> bool:
        basta = len(self.confirmadas) >= FILAS and self.muertes >= MUERTES
        return time.monotonic() - self._inicio < (SEGUNDOS if basta else A_LO_SUMO)

    def lento(self, semilla: int) -> None:
        """Transactions with sleeps inside; one in ten is rolled back, and some are killed."""
        azar = random.Random(semilla)  # noqa: S311
        while self._sigue():
            with suppress(psycopg.OperationalError), psycopg.connect(self._db_url) as conexion:
                while self._sigue():
                    posiciones = []
                    for _ in range(azar.randint(1, 20)):
                        posiciones.append(insertar(conexion))
                        if azar.random() < 0.2:
                            time.sleep(azar.random() * 0.02)
                    if azar.random() < 0.1:
                        conexion.rollback()
                    else:
                        conexion.commit()
                        self.confirmadas += posiciones

    def rapido(self, semilla: int) -> None:
        """Appends through the recorder, whose connections get killed too."""
        azar = random.Random(semilla)  # noqa: S311
        while self._sigue():
            eventos = [StoredEvent(nuevo(), 1, "Algo.v1", b"{}") for _ in range(azar.randint(1, 12))]
            self.confirmadas += self._recorder.insert_events(eventos)

    def verdugo(self) -> None:
        """Kills some backend that writes, five times a second."""
        with psycopg.connect(self._db_url, autocommit=True) as conexion:
            while self._sigue():
                muertos = conexion.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND query LIKE 'INSERT%' ORDER BY random() LIMIT 1"
                )
                self.muertes += muertos.rowcount
                time.sleep(0.2)


def leer_hasta(recorder: Recorder, fin: threading.Event, vistas: list[int], tanda: int) -> None:
    """Follow by ``leer``; after ``fin``, until there is nothing more."""
    novedades = recorder.novedades()
    while True:
        terminado = fin.is_set()
        filas = recorder.leer(vistas[-1] if vistas else 0, tanda)
        vistas += [fila.posicion for fila in filas]
        if terminado and not filas:
            return
        if not filas:
            novedades.esperar(0.05)


def suscribirse(recorder: Recorder, fin: threading.Event, vistas: list[int]) -> None:
    """Follow by the library's subscription until ``fin``."""

    def parar() -> None:
        fin.wait()
        suscripcion.stop()

    with recorder.subscribe() as suscripcion, ThreadPoolExecutor(1) as hilo:
        hilo.submit(parar)
        for aviso in suscripcion:
            vistas.append(aviso.id)


def test_nada_se_pierde_se_repite_ni_se_desordena(db_url: str, recorder: Recorder, sql: psycopg.Connection) -> None:
    carga, fin = Carga(db_url, recorder), threading.Event()
    tiendas = [Tienda(db_url, MAESTRA) for _ in range(3)]
    uno, otro, tercero = (recorder_de(tienda, "pagos") for tienda in tiendas)
    vistas: list[list[int]] = [[], [], [], []]
    lectores: list[Callable[[], None]] = [
        lambda: leer_hasta(uno, fin, vistas[0], 1000),
        lambda: leer_hasta(otro, fin, vistas[1], 7),
        # Two threads on one recorder share what it knows of the gaps.
        lambda: leer_hasta(otro, fin, vistas[2], 100),
        lambda: suscribirse(tercero, fin, vistas[3]),
    ]
    escritores: list[Callable[[], None]] = [carga.verdugo]
    escritores += [partial(carga.lento, n) for n in range(LENTOS)] + [
        partial(carga.rapido, 100 + n) for n in range(RAPIDOS)
    ]
    with ThreadPoolExecutor(20) as hilos:
        leyendo = [hilos.submit(lector) for lector in lectores]
        try:
            for escritura in [hilos.submit(escritor) for escritor in escritores]:
                escritura.result(2 * A_LO_SUMO)
            guardadas = [p for (p,) in sql.execute("SELECT notification_id FROM pagos_events ORDER BY 1").fetchall()]
            eventualmente(lambda: [vista[-1:] for vista in vistas], lambda colas: colas == [guardadas[-1:]] * 4)
        finally:
            fin.set()
        for lectura in leyendo:
            lectura.result(60)
    for tienda in tiendas:
        tienda.cerrar()
    assert carga.muertes >= MUERTES
    assert len(guardadas) >= FILAS
    assert guardadas[-1] > len(guardadas), "sin huecos no se prueba nada"
    assert set(carga.confirmadas) <= set(guardadas)
    assert len(carga.confirmadas) == len(set(carga.confirmadas))
    assert [vista == guardadas for vista in vistas] == [True] * 4
