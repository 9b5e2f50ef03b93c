"""A store that is frozen, or gone, is told soon and in the endpoint's own shape; back, it is used again."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.composicion import construir
from gateway.eventos.conexion import PLAZO
from gateway.eventos.datastore import PACIENCIA
from gateway.http.app import crear_app
from gateway.local.postgres import PostgresLocal
from tests.base_propia import base_propia, congelada
from tests.eventualmente import eventualmente
from tests.gateway.http.conftest import PAGO
from tests.gateway.sistema import config_de

HOLGURA = 5.0
"""Seconds more, on a busy machine."""


@pytest.fixture
def servidor(tmp_path: Path) -> Iterator[PostgresLocal]:
    with base_propia(tmp_path) as servidor:
        yield servidor


@pytest.fixture
def api(servidor: PostgresLocal) -> Iterator[FlaskClient]:
    config = config_de(servidor.url)
    with construir(config, con_plazo=True) as sistema:
        api = crear_app(sistema, config).test_client()
        assert api.post("/pagos/pagar", json=PAGO).status_code == 202
        yield api


def pedidos(api: FlaskClient) -> dict[str, Callable[[], TestResponse]]:
    return {
        "una consulta": lambda: api.get("/pagos/nadie"),
        "una orden": lambda: api.post("/pagos/pagar", json=PAGO),
    }


def test_un_almacen_congelado_es_un_503_y_no_una_espera_sin_fin(servidor: PostgresLocal, api: FlaskClient) -> None:
    assert api.get("/pagos/nadie").status_code == 404
    with congelada(servidor):
        for nombre, pedir in pedidos(api).items():
            empezo = time.monotonic()
            respuesta = pedir()
            assert (respuesta.status_code, list(respuesta.json or {})) == (503, ["error"]), nombre
            assert time.monotonic() - empezo < 2 * PLAZO + PACIENCIA + HOLGURA, nombre
    consulta, orden = pedidos(api).values()
    eventualmente(lambda: consulta().status_code, lambda visto: visto == 404)
    eventualmente(lambda: orden().status_code, lambda visto: visto == 202)


def test_un_almacen_apagado_es_un_503_en_pocos_segundos(servidor: PostgresLocal, api: FlaskClient) -> None:
    servidor.parar()
    for nombre, pedir in pedidos(api).items():
        empezo = time.monotonic()
        assert pedir().status_code == 503, nombre
        assert time.monotonic() - empezo < PACIENCIA + HOLGURA, nombre
