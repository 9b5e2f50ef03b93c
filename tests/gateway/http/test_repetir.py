"""A command sent twice with one Idempotency-Key acts once and answers the same."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from gateway.composicion import Sistema
from tests.gateway.http.conftest import ANA, CAMPANIA, PAGO, cuantos_eventos, cuerpo

CLAVE = {"Idempotency-Key": "pedido-1"}


def _tal_cual(respuesta: TestResponse) -> tuple[int, bytes, str | None, str | None]:
    cabeceras = respuesta.headers
    return respuesta.status_code, respuesta.data, cabeceras["X-Posicion"], cabeceras.get("Location")


@pytest.mark.parametrize(
    ("ruta", "pedido"),
    [("/pagos/pagar", PAGO), ("/cliente/registrar", ANA), ("/campanias/comandos/crear", CAMPANIA)],
)
def test_la_segunda_vez_responde_lo_mismo_y_no_guarda_nada(
    api: FlaskClient, sistema: Sistema, ruta: str, pedido: dict[str, Any]
) -> None:
    primera = api.post(ruta, json=pedido, headers=CLAVE)
    assert "Idempotent-Replayed" not in primera.headers
    guardados = cuantos_eventos(sistema)
    segunda = api.post(ruta, json=pedido, headers=CLAVE)
    assert segunda.headers["Idempotent-Replayed"] == "true"
    assert _tal_cual(segunda) == _tal_cual(primera)
    assert cuantos_eventos(sistema) == guardados


def test_el_mismo_cuerpo_escrito_de_otro_modo_es_el_mismo(api: FlaskClient) -> None:
    primera = api.post("/pagos/pagar", json=PAGO, headers=CLAVE)
    crudo = b'{"currency": "USD", "total_amount": 12505e-1, "cycle_id": "CYCLE-2024-09", "partner_id": "PARTNER001"}'
    for otro in (crudo, crudo.replace(b"12505e-1", b"1250.500")):
        segunda = api.post("/v1/pagos/pagar", data=otro, content_type="application/json", headers=CLAVE)
        assert (segunda.status_code, segunda.data) == (202, primera.data)


def test_con_otro_cuerpo_es_un_409(api: FlaskClient, sistema: Sistema) -> None:
    api.post("/pagos/pagar", json=PAGO, headers=CLAVE)
    guardados = cuantos_eventos(sistema)
    for otro in ({**PAGO, "total_amount": 1250.51}, {**PAGO, "total_amount": -1}):
        respuesta = api.post("/pagos/pagar", json=otro, headers=CLAVE)
        assert (respuesta.status_code, list(cuerpo(respuesta))) == (409, ["error"])
    assert cuantos_eventos(sistema) == guardados


def test_la_clave_vale_por_ruta(api: FlaskClient) -> None:
    uno, dos = (cuerpo(api.post("/pagos/pagar", json={**PAGO, "cycle_id": ciclo}))["id"] for ciclo in "AB")
    for payout in (uno, dos):
        respuesta = api.post(f"/pagos/{payout}/comandos/cancelar", json={"motivo": "m"}, headers=CLAVE)
        assert (respuesta.status_code, cuerpo(respuesta)) == (202, {"id": payout})


def test_un_rechazo_no_gasta_la_clave(api: FlaskClient) -> None:
    assert api.post("/pagos/pagar", json={**PAGO, "total_amount": 0}, headers=CLAVE).status_code == 400
    assert api.post("/pagos/pagar", json=PAGO, headers=CLAVE).status_code == 202


@pytest.mark.parametrize("clave", ["", " ", "con espacio", "x" * 256, "ñ"])
def test_una_clave_mal_formada_es_un_400(api: FlaskClient, sistema: Sistema, clave: str) -> None:
    respuesta = api.post("/pagos/pagar", json=PAGO, headers={"Idempotency-Key": clave})
    assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (400, "CLAVE_INVALIDA")
    assert cuantos_eventos(sistema) == 0


def test_una_clave_de_hace_mas_de_siete_dias_es_nueva(api: FlaskClient, db_url: str) -> None:
    primera = api.post("/pagos/pagar", json=PAGO, headers=CLAVE)
    with psycopg.connect(db_url) as conexion:
        conexion.execute("UPDATE idempotencia SET creado = creado - interval '7 days 1 second'")
    segunda = api.post("/pagos/pagar", json=PAGO, headers=CLAVE)
    assert "Idempotent-Replayed" not in segunda.headers
    assert cuerpo(segunda) != cuerpo(primera)


def test_la_respuesta_de_quien_repite_no_depende_de_lo_que_paso_despues(api: FlaskClient) -> None:
    payout = cuerpo(api.post("/pagos/pagar", json=PAGO))["id"]
    procesar = api.post(f"/pagos/{payout}/comandos/procesar", headers={**CLAVE, "If-Match": "2"})
    api.post(f"/pagos/{payout}/comandos/fallar", json={"codigo": "CUENTA", "motivo": "m", "definitivo": True})
    otra_vez = api.post(f"/pagos/{payout}/comandos/procesar", headers={**CLAVE, "If-Match": "2"})
    assert _tal_cual(otra_vez) == _tal_cual(procesar)


@pytest.mark.parametrize(
    ("ruta", "pedido"),
    [
        ("/pagos/pagar", PAGO),
        ("/cliente/registrar", {campo: valor for campo, valor in ANA.items() if campo != "id"}),
        ("/campanias/comandos/crear", CAMPANIA),
    ],
)
def test_de_dos_a_la_vez_una_actua_y_la_otra_recibe_su_respuesta(app: Flask, ruta: str, pedido: dict[str, Any]) -> None:
    def enviar(_: int) -> TestResponse:
        return app.test_client().post(ruta, json=pedido, headers=CLAVE)

    with ThreadPoolExecutor(8) as hilos:
        respuestas = list(hilos.map(enviar, range(8)))
    assert len({_tal_cual(respuesta) for respuesta in respuestas}) == 1
    assert sum("Idempotent-Replayed" not in respuesta.headers for respuesta in respuestas) == 1
