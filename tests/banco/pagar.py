"""POST /pagos/pagar at 16 connections, with every process of the product beside it, against a plain handler."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from time import perf_counter

import psycopg

from domain.politicas import POLITICAS
from gateway.config import RAIZ, Config, para_hijos
from gateway.local.direcciones import responde
from gateway.local.sistema import puerto_libre
from tests.banco.carga import peticiones_por_segundo
from tests.banco.medir import Razon, comparar
from tests.eventualmente import eventualmente

CONEXIONES = 16
POR_CONEXION = 60
CAMPANIA = "CYCLE-2024-09"
_numeros = count()
_AL_DIA = """
SELECT (SELECT coalesce(max(notification_id), 0) FROM pagos_events) <= least(
  (SELECT coalesce(min(notification_id), 0) FROM seguimiento WHERE application_name LIKE '%%:pagos'),
  (SELECT CASE count(*) WHEN %s THEN min(notification_id) ELSE 0 END FROM campanias_tracking
   WHERE application_name = ANY(%s)))
"""
_REACCIONES = [f"{politica.NOMBRE}:{politica.ORIGEN}" for politica in POLITICAS]


def medir(config: Config, rondas: int) -> list[Razon]:
    """Two ratios of requests a second: accepted, and counted until projections and reactions have caught up."""
    with ExitStack() as pila:
        api, par = puerto_libre(), puerto_libre()
        for orden, puerto in (
            (["gateway.cli", "trabajador"], None),
            (["gateway.cli", "reloj"], None),
            (["gateway.cli", "api"], api),
            (["tests.banco.par_flask", str(par)], par),
        ):
            pila.enter_context(_proceso(config, orden, puerto))
        eventualmente(lambda: responde(f"http://127.0.0.1:{api}/health"), bool, segundos=30)
        eventualmente(lambda: _acepta(par), bool, segundos=30)
        # All payments are of one campaign: what follows from each is what takes longest to catch up.
        campania = json.dumps({"idCampania": CAMPANIA, "idCliente": "CLIENTE", "itinerario": []}).encode()
        peticiones_por_segundo(api, "/campanias/comandos/crear", lambda _: iter([campania]), 1)
        conexion = pila.enter_context(psycopg.connect(str(config.db_url), autocommit=True))
        lineas = []
        for nombre, nuestra, meta in (
            ("aceptadas", lambda: _enviar_y_dejar_reposar(api, conexion), 1.0),
            ("hasta que todo está al día", lambda: _enviar_y_esperar(api, conexion), 0.5),
        ):
            lineas += comparar(
                f"POST /pagos/pagar, {CONEXIONES} conexiones, {nombre}",
                nuestra,
                {"Flask + SQLAlchemy, una fila": (lambda: _enviar(par), meta)},
                rondas,
            )
            _esperar(conexion)
        return lineas


def _enviar(puerto: int) -> float:
    return peticiones_por_segundo(puerto, "/pagos/pagar", _cuerpos, CONEXIONES)


def _enviar_y_dejar_reposar(puerto: int, conexion: psycopg.Connection) -> float:
    """The rate of acceptance; what follows from it is waited for, so that it doesn't run beside the peer."""
    aceptadas = _enviar(puerto)
    _esperar(conexion)
    return aceptadas


def _enviar_y_esperar(puerto: int, conexion: psycopg.Connection) -> float:
    inicio = perf_counter()
    _enviar(puerto)
    _esperar(conexion)
    return CONEXIONES * POR_CONEXION / (perf_counter() - inicio)


def _esperar(conexion: psycopg.Connection) -> None:
    eventualmente(
        lambda: conexion.execute(_AL_DIA, (len(_REACCIONES), _REACCIONES)).fetchone() == (True,), bool, segundos=60
    )


def _cuerpos(_: int) -> Iterator[bytes]:
    for _ in range(POR_CONEXION):
        numero = next(_numeros)
        yield json.dumps(
            {
                "partner_id": f"PARTNER{numero % 50:03}",
                "cycle_id": CAMPANIA,
                "total_amount": 1250.5,
                "currency": "USD",
                "payment_method_type": "CREDIT_CARD",
                "payment_method_mask": "****1234",
                "confirmation_id": f"CONF-{os.getpid()}-{numero}",
                "processed_at": "2024-09-13T10:30:00",
                "completed_at": "2024-09-13T10:32:15",
            }
        ).encode()


def _acepta(puerto: int) -> bool:
    try:
        peticiones_por_segundo(puerto, "/pagos/pagar", lambda _: iter([next(_cuerpos(0))]), 1)
    except OSError:
        return False
    return True


@contextmanager
def _proceso(config: Config, orden: list[str], puerto: int | None) -> Iterator[None]:
    entorno = {**para_hijos(config), "PYTHONPATH": str(RAIZ), **({"API_PORT": str(puerto)} if puerto else {})}
    proceso = subprocess.Popen(
        [sys.executable, "-P", "-m", *orden], env=entorno, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        proceso.terminate()
        proceso.wait(30)
