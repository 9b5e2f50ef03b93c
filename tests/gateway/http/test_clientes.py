"""Clients over HTTP: accepted, refused, repeated."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.composicion import Sistema
from tests.gateway.http.conftest import ANA, HECHO, cuerpo, desde, siguiendo


def test_un_cliente_registrado_se_puede_leer_enseguida(api: FlaskClient) -> None:
    respuesta = api.post("/cliente/registrar", json=ANA)
    assert (respuesta.status_code, cuerpo(respuesta)) == (201, ANA)
    assert respuesta.headers["X-Posicion"].startswith("cliente:")
    detalle = api.get("/cliente/ana")
    assert detalle.headers["X-Version"] == "1"
    registrado = cuerpo(detalle).pop("fecha_registro")
    assert len(registrado) == len("2024-09-13T10:30:00")
    assert cuerpo(detalle) == {
        "id": "ana",
        "nombre": "Ana Núñez",
        "email": "Ana@example.com",
        "fecha_registro": registrado,
        "total_pagos": 0,
        "ultimo_pago": None,
    }


def test_el_id_es_optativo(api: FlaskClient) -> None:
    sin_id = {campo: valor for campo, valor in ANA.items() if campo != "id"}
    respuesta = api.post("/cliente/registrar", json=sin_id)
    assert (respuesta.status_code, len(cuerpo(respuesta)["id"])) == (201, 36)


def test_registrar_lo_mismo_otra_vez_responde_lo_mismo(api: FlaskClient) -> None:
    primera = api.post("/cliente/registrar", json=ANA)
    segunda = api.post("/cliente/registrar", json={**ANA, "email": " ANA@EXAMPLE.com "})
    assert (segunda.status_code, segunda.data) == (201, primera.data)


@pytest.mark.parametrize(
    ("cambios", "texto"),
    [
        ({"id": "otra"}, "Email ya existe en el sistema"),
        ({"id": "otra", "email": "otra@example.com"}, "Cédula ya existe en el sistema"),
        ({"nombre": "Otra"}, "El id ya está registrado con otros datos"),
        ({"cedula": "12A45"}, "Cédula debe ser numérica"),
        ({"email": "ana"}, "Email no es válido"),
        ({"fecha_nacimiento": "2999-01-01"}, "fecha_nacimiento debe ser pasada y no anterior a 1900"),
        ({"nombre": None, "cedula": None}, "nombre y cedula son requeridos"),
        ({"cedula": 12345}, "cedula: debe ser un texto"),
    ],
)
def test_un_registro_que_rompe_una_regla_es_un_400(api: FlaskClient, cambios: dict[str, str], texto: str) -> None:
    api.post("/cliente/registrar", json=ANA)
    respuesta = api.post("/cliente/registrar", json={**ANA, **cambios})
    assert (respuesta.status_code, cuerpo(respuesta)) == (400, {"error": texto})


def test_de_veinte_registros_a_la_vez_con_un_email_queda_uno(app: Flask) -> None:
    def registrar(numero: int) -> int:
        pedido = {**ANA, "id": f"ana-{numero}", "cedula": f"{numero:05}"}
        return app.test_client().post("/cliente/registrar", json=pedido).status_code

    with ThreadPoolExecutor(20) as hilos:
        estados = sorted(hilos.map(registrar, range(20)))
    assert estados == [201] + [400] * 19


def test_un_cliente_que_no_existe_es_un_404_con_message(api: FlaskClient) -> None:
    respuesta = api.get("/cliente/nadie")
    assert (respuesta.status_code, cuerpo(respuesta)) == (404, {"message": "No encontrado"})
    assert list(cuerpo(api.delete("/cliente/nadie"))) == ["message"]
    comando = api.post("/cliente/nadie/comandos/reactivar")
    assert (comando.status_code, cuerpo(comando)) == (404, {"error": "No encontrado"})


def test_los_pagos_completados_cuentan_en_el_detalle(api: FlaskClient, sistema: Sistema) -> None:
    with siguiendo(sistema):
        cliente = api.post("/cliente/registrar", json=ANA)
        pago = api.post("/pagos/pagar", json={**HECHO, "partner_id": "ana"})
        minima = f"{cliente.headers['X-Posicion']},{pago.headers['X-Posicion']}"
        detalle = cuerpo(api.get("/cliente/ana", headers=desde(sistema, minima)))
    assert (detalle["total_pagos"], detalle["ultimo_pago"]) == (1, "2024-09-13T10:32:15")


def test_lo_pagado_cuenta_aunque_la_fila_del_cliente_este_por_llegar(api: FlaskClient, sistema: Sistema) -> None:
    with siguiendo(sistema):
        pago = api.post("/pagos/pagar", json={**HECHO, "partner_id": "ana"}).headers["X-Posicion"]
        al_dia = desde(sistema, pago)
    api.post("/cliente/registrar", json=ANA)
    detalle = cuerpo(api.get("/cliente/ana", headers=al_dia))
    assert (detalle["total_pagos"], detalle["ultimo_pago"]) == (1, "2024-09-13T10:32:15")


def test_los_comandos_llevan_al_cliente_por_su_vida(api: FlaskClient) -> None:
    api.post("/cliente/registrar", json=ANA)
    ruta = "/cliente/ana/comandos/"
    assert cuerpo(api.post(ruta + "actualizar", json={"nombre": "Ana María"})) == {"id": "ana"}
    assert cuerpo(api.get("/cliente/ana"))["nombre"] == "Ana María"
    assert api.post(ruta + "desactivar", json={}).status_code == 400
    assert api.post(ruta + "desactivar", json={"motivo": "m"}).status_code == 202
    assert api.post(ruta + "reactivar").status_code == 202
    assert api.post(ruta + "anonimizar", json={"motivo": "m"}).status_code == 202
    olvidada = cuerpo(api.get("/cliente/ana"))
    assert (olvidada["nombre"], olvidada["email"], olvidada["estado"]) == (None, None, "ANONIMIZADO")
    assert api.post(ruta + "reactivar").status_code == 409
    assert api.post("/cliente/registrar", json=ANA).status_code == 400


def test_un_email_tomado_al_actualizar_es_un_conflicto(api: FlaskClient) -> None:
    api.post("/cliente/registrar", json=ANA)
    api.post("/cliente/registrar", json={**ANA, "id": "eva", "email": "eva@example.com", "cedula": "99999"})
    respuesta = api.post("/cliente/eva/comandos/actualizar", json={"email": ANA["email"]})
    assert (respuesta.status_code, cuerpo(respuesta)) == (409, {"error": "Email ya existe en el sistema"})
