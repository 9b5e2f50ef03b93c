"""Campaigns over HTTP: accepted, refused, repeated."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.campanias.comandos import AsociarPago
from gateway.composicion import Sistema
from tests.gateway.http.conftest import CAMPANIA, cuerpo, desde, siguiendo

COMPLETA = {
    **CAMPANIA,
    "nombre": "Vuelta de otoño",
    "presupuesto": 15000.00,
    "moneda": "eur",
    "fecha_inicio": "2030-01-01",
    "fecha_fin": "2030-01-31",
}


def test_una_campania_creada_se_puede_leer_enseguida(api: FlaskClient, sistema: Sistema) -> None:
    respuesta = api.post("/campanias/comandos/crear", json=COMPLETA)
    assert (respuesta.status_code, cuerpo(respuesta)) == (202, {"message": "Campania creada", "data": CAMPANIA})
    del_flujo = api.get("/campanias/CAMP001")
    assert cuerpo(del_flujo) == {
        "message": "Campania CAMP001",
        "id": "CAMP001",
        "idCliente": "ana",
        "nombre": "Vuelta de otoño",
        "estado": "PENDIENTE",
        "itinerario": ["Madrid", "Valencia"],
        "presupuesto": 15000,
        "gasto_actual": 0,
        "moneda": "EUR",
        "fecha_inicio": "2030-01-01T00:00:00",
        "fecha_fin": "2030-01-31T23:59:59",
    }
    with siguiendo(sistema):
        minima = desde(sistema, respuesta.headers["X-Posicion"])
        assert cuerpo(api.get("/campanias/CAMP001", headers=minima)) == cuerpo(del_flujo)


@pytest.mark.parametrize(
    "pedido",
    [
        {},
        {**CAMPANIA, "itinerario": None},
        {**CAMPANIA, "itinerario": "Madrid"},
        {**CAMPANIA, "itinerario": [1]},
        {**CAMPANIA, "idCampania": ""},
        {**CAMPANIA, "idCliente": 7},
    ],
)
def test_los_tres_campos_son_requeridos(api: FlaskClient, pedido: dict[str, Any]) -> None:
    respuesta = api.post("/campanias/comandos/crear", json=pedido)
    assert (respuesta.status_code, cuerpo(respuesta)) == (
        400,
        {"error": "idCampania, idCliente y itinerario[] son requeridos"},
    )


def test_un_itinerario_vacio_se_admite(api: FlaskClient) -> None:
    assert api.post("/campanias/comandos/crear", json={**CAMPANIA, "itinerario": []}).status_code == 202


def test_crear_lo_mismo_otra_vez_es_un_exito_y_con_otros_datos_un_400(api: FlaskClient) -> None:
    primera = api.post("/campanias/comandos/crear", json=CAMPANIA)
    segunda = api.post("/campanias/comandos/crear", json=CAMPANIA)
    assert (segunda.status_code, cuerpo(segunda)) == (202, cuerpo(primera))
    otra = api.post("/campanias/comandos/crear", json={**CAMPANIA, "idCliente": "eva"})
    assert (otra.status_code, otra.headers["X-Codigo-Error"]) == (400, "CAMPANIA_YA_EXISTE")


def test_los_comandos_llevan_la_campania_por_su_vida(api: FlaskClient, sistema: Sistema) -> None:
    api.post("/campanias/comandos/crear", json={**CAMPANIA, "presupuesto": 100, "moneda": "EUR"})
    ruta = "/campanias/CAMP001/comandos/"
    ilegal = api.post(ruta + "activar")
    assert (ilegal.status_code, cuerpo(ilegal)) == (409, {"error": "No se puede activar en estado PENDIENTE"})
    sistema.campanias.ejecutar(AsociarPago("CAMP001", "payout-1"))
    assert cuerpo(api.post(ruta + "activar")) == {"id": "CAMP001"}
    gasto = {"gasto_id": "G1", "monto": 60.25, "moneda": "EUR"}
    assert [api.post(ruta + "gasto", json=gasto).status_code for _ in range(2)] == [202, 202]
    assert api.post(ruta + "gasto", json={**gasto, "gasto_id": "G2"}).status_code == 409
    assert api.post(ruta + "gasto", json={**gasto, "gasto_id": "G2", "monto": 1.001}).status_code == 400
    assert api.post(ruta + "presupuesto", json={"monto": 200, "moneda": "EUR"}).status_code == 202
    assert api.post(ruta + "pausar").status_code == 202
    assert api.post(ruta + "reanudar").status_code == 202
    assert api.post(ruta + "finalizar").status_code == 202
    assert api.post(ruta + "cancelar", json={"motivo": "m"}).status_code == 409
    detalle = cuerpo(api.get("/campanias/CAMP001"))
    assert (detalle["estado"], detalle["gasto_actual"], detalle["presupuesto"]) == ("FINALIZADA", 60.25, 200)


def test_una_campania_que_no_existe_es_un_404(api: FlaskClient) -> None:
    esperado = (404, {"error": "Campania no encontrada"})
    for respuesta in (api.get("/campanias/nada"), api.post("/campanias/nada/comandos/pausar")):
        assert (respuesta.status_code, cuerpo(respuesta)) == esperado
