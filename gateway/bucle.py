"""How a worker's loops live."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

import sqlalchemy.exc
import structlog
from eventsourcing.persistence import PersistenceError

from projections.motor.aparcados import describir
from projections.motor.hilo import VISTAZO

CONEXION_PERDIDA = (PersistenceError, sqlalchemy.exc.DBAPIError, OSError)
PRIMERA_ESPERA, ESPERA_MAXIMA = 0.1, 5.0
"""Seconds before trying again after a failure: doubled each time, up to the second."""

_log = structlog.get_logger(__name__)


def repetir(nombre: str, paso: Callable[[], float], parar: threading.Event) -> None:
    """Call ``paso`` until ``parar`` is set, whatever fails; it returns the seconds to wait before the next call.

    A failing step is logged and tried again, later and later: the database may restart under a worker.
    """
    espera = PRIMERA_ESPERA
    while not parar.is_set():
        try:
            pausa = paso()
            espera = PRIMERA_ESPERA
        except CONEXION_PERDIDA as error:
            _log.warning("sin base de datos por ahora", bucle=nombre, espera=espera, error=describir(error))
            pausa, espera = espera, min(espera * 2, ESPERA_MAXIMA)
        except Exception:
            _log.exception("un paso falló; se repetirá", bucle=nombre, espera=espera)
            pausa, espera = espera, min(espera * 2, ESPERA_MAXIMA)
        parar.wait(pausa)


def a_la_vez(tareas: Sequence[Callable[[], object]], parar: threading.Event) -> None:
    """Run each on a thread of its own until all have ended.

    One that fails ends the others, and its failure is raised: a process is better started anew than half alive.
    """
    with ThreadPoolExecutor(len(tareas)) as hilos:
        try:
            vidas = [hilos.submit(tarea) for tarea in tareas]
            while wait(vidas, VISTAZO, FIRST_EXCEPTION).not_done:
                if any(vida.done() and vida.exception() for vida in vidas):
                    break
        finally:
            parar.set()
        for vida in vidas:
            vida.result()
