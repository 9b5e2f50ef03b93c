"""The API over a database of its own, asked in the same process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from gateway.composicion import Sistema
from gateway.eventos.log import LogDeAplicacion
from gateway.http.app import crear_app
from projections.motor.espera import CABECERA, esperar, leer_minimos
from projections.motor.trabajador import seguir
from projections.registro import PROYECCIONES
from tests.eventualmente import eventualmente
from tests.gateway.sistema import config_de, sistema_en


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def app(sistema: Sistema, db_url: str) -> Flask:
    return crear_app(sistema, config_de(db_url))


@pytest.fixture
def api(app: Flask) -> FlaskClient:
    return app.test_client()


@contextmanager
def siguiendo(sistema: Sistema) -> Iterator[None]:
    """The query tables are kept up to date for the length of a ``with`` block, from its beginning."""
    parar = threading.Event()
    logs = {nombre: LogDeAplicacion(aplicacion) for nombre, aplicacion in sistema.aplicaciones.items()}
    hilo = threading.Thread(target=seguir, args=(PROYECCIONES, logs, sistema.motor, parar))
    hilo.start()
    try:
        eventualmente(lambda: _seguidas(sistema), lambda cuantas: cuantas == len(PROYECCIONES))
        yield
    finally:
        parar.set()
        hilo.join()


def _seguidas(sistema: Sistema) -> int:
    with sistema.motor.connect() as conexion:
        return int(conexion.scalar(text("SELECT count(DISTINCT dueno) FROM seguimiento")) or 0)


def desde(sistema: Sistema, posicion: str) -> dict[str, str]:
    """The header that asks for ``posicion``, once it is there: a query waits for less than a busy machine may take."""
    assert esperar(sistema.motor, [una.nombre for una in PROYECCIONES], leer_minimos(posicion), 120)
    return {CABECERA: posicion}


PAGO: dict[str, Any] = {
    "partner_id": "PARTNER001",
    "cycle_id": "CYCLE-2024-09",
    "total_amount": 1250.5,
    "currency": "USD",
}
HECHO: dict[str, Any] = {
    **PAGO,
    "confirmation_id": "CONF-1",
    "processed_at": "2024-09-13T10:30:00",
    "completed_at": "2024-09-13T10:32:15",
}
ANA: dict[str, Any] = {
    "id": "ana",
    "nombre": "Ana Núñez",
    "email": "Ana@example.com",
    "cedula": "0012345",
    "fecha_nacimiento": "1985-03-15T00:00:00",
}
CAMPANIA: dict[str, Any] = {"idCampania": "CAMP001", "idCliente": "ana", "itinerario": ["Madrid", "Valencia"]}


def cuerpo(respuesta: TestResponse) -> Any:
    """The JSON of an answer."""
    return respuesta.json


def cuantos_eventos(sistema: Sistema) -> int:
    """How many events are stored, in all modules."""
    return sum(len(aplicacion.recorder.select_notifications(1, 10_000)) for aplicacion in sistema.aplicaciones.values())
