"""Each example of the BFF's document is true: its story is told again, over a core and a database of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bff.infrastructure.web.app import EJEMPLOS, documento
from gateway.composicion import Sistema, construir
from gateway.documento import leer_ejemplos
from gateway.http.app import documento as documento_del_core
from tests.gateway.http.conftest import siguiendo
from tests.gateway.sistema import config_de
from tests.historia import Reloj, exigir_que_sean_verdad


@pytest.fixture
def reloj() -> Reloj:
    return Reloj()


@pytest.fixture
def sistema(db_url: str, reloj: Reloj) -> Iterator[Sistema]:
    with construir(config_de(db_url), reloj=reloj) as sistema, siguiendo(sistema):
        yield sistema


def test_cada_ejemplo_es_verdad(bff: FlaskClient, sistema: Sistema, reloj: Reloj) -> None:
    exigir_que_sean_verdad(bff, EJEMPLOS, sistema, reloj)


def test_cada_operacion_se_muestra_con_un_ejemplo_y_solo_asi() -> None:
    escrito = documento()
    operaciones = {
        f"{metodo} {ruta}": str(operacion)
        for ruta, de_ruta in escrito["paths"].items()
        for metodo, operacion in de_ruta.items()
        if metodo in ("get", "post")
    }
    sin_ejemplo = [nombre for nombre, dicha in operaciones.items() if "'examples'" not in dicha]
    assert sin_ejemplo == ["get /spec", "get /docs"], "lo que es una página no se copia"
    assert "'example'" not in str(escrito), "un ejemplo que nadie comprueba"


def test_un_ejemplo_de_una_ruta_que_ya_no_esta_se_nota() -> None:
    rutas = documento()["paths"]
    for ejemplo in leer_ejemplos(EJEMPLOS):
        assert ejemplo.metodo.lower() in rutas[ejemplo.ruta], ejemplo.nombre


@pytest.mark.parametrize(("suyo", "del_core"), [("PagoNuevo", "Pagar"), ("CampaniaNueva", "Crear")])
def test_lo_que_pasa_al_core_se_pide_como_el_core_lo_pide(suyo: str, del_core: str) -> None:
    assert documento()["components"]["schemas"][suyo] == documento_del_core()["components"]["schemas"][del_core]


@pytest.mark.parametrize("ruta", ["/api/v1/pagos?page=0", "/api/v1/pagos/payout-0", "/nada"])
def test_un_rechazo_es_el_problema_que_el_documento_dice(app: Flask, ruta: str) -> None:
    problema: dict[str, Any] = documento()["components"]["schemas"]["Problema"]
    dicho = app.test_client().get(ruta, headers={"Accept": "application/problem+json"})
    assert dicho.content_type == "application/problem+json"
    assert dicho.json is not None
    assert set(problema["required"]) <= dicho.json.keys() <= problema["properties"].keys()
    assert (dicho.json["status"], dicho.json["codigo"]) == (dicho.status_code, dicho.headers["X-Codigo-Error"])
