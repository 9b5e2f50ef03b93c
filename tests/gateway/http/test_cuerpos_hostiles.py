"""Whatever is sent, the answer is a 400, 413 or 415 in the endpoint's own shape, and nothing is stored."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.composicion import Sistema
from tests.gateway.http.conftest import ANA, CAMPANIA, PAGO, cuantos_eventos, cuerpo

JSON = "application/json"
ORDENES = {"/pagos/pagar": PAGO, "/cliente/registrar": ANA, "/campanias/comandos/crear": CAMPANIA}
COMANDOS = ("/pagos/payout-x/comandos/procesar", "/cliente/x/comandos/actualizar", "/campanias/x/comandos/gasto")
HONDO = 100_000
MALOS = {
    "nada": b"",
    "a medias": b'{"partner_id": "P"',
    "una lista": b"[]",
    "un numero": b"7",
    "un texto": b'"hola"',
    "null": b"null",
    "utf-8 roto": b'{"partner_id": "\xff"}',
    "utf-16": '{"partner_id": "P"}'.encode("utf-16"),
    "bom": b'\xef\xbb\xbf{"partner_id": "P"}',
    "NaN": b'{"total_amount": NaN}',
    "Infinity": b'{"total_amount": Infinity}',
    "-Infinity": b'{"total_amount": -Infinity}',
    "exponente enorme": b'{"total_amount": 1e99999999999999999999}',
    "entero enorme": b'{"total_amount": ' + b"9" * 10_000 + b"}",
    "decimales sin fin": b'{"total_amount": 0.' + b"1" * 100_000 + b"}",
    "guion en un numero": b'{"total_amount": 1_000}',
    "cifras de otra escritura": '{"total_amount": \u0661\u0662}'.encode(),
    "listas hondas": b"[" * HONDO + b"]" * HONDO,
    "objetos hondos": b'{"a":' * HONDO + b"1" + b"}" * HONDO,
    "más hondo de lo que se recorre": b'{"partner_id": ' + b"[" * 64 + b"]" * 64 + b"}",
    "campo repetido": b'{"total_amount": 1, "total_amount": 2}',
    "nulo": b'{"partner_id": "a\\u0000b"}',
    "nulo crudo": b'{"partner_id": "a\x00b"}',
    "medio caracter": b'{"partner_id": "\\ud800"}',
    "comentario": b'{"partner_id": "P" /* hola */}',
    "cola": b'{"partner_id": "P"} {}',
}


@pytest.fixture
def enviar(api: FlaskClient, sistema: Sistema) -> Any:
    """Send a raw body to an order; check the shape of its refusal and that nothing was stored."""

    def enviar(ruta: str, crudo: bytes, estado: int, tipo: str | None = JSON, **cabeceras: str) -> None:
        respuesta = api.post(ruta, data=crudo, content_type=tipo, headers=cabeceras)
        assert (respuesta.status_code, list(cuerpo(respuesta))) == (estado, ["error"]), (ruta, crudo[:50])
        assert respuesta.headers["X-Codigo-Error"]
        assert cuantos_eventos(sistema) == 0

    return enviar


def test_un_cuerpo_que_no_se_puede_leer_es_un_400(enviar: Any) -> None:
    for ruta in ORDENES:
        for crudo in MALOS.values():
            enviar(ruta, crudo, 400)
    for ruta in COMANDOS:
        for nombre in MALOS.keys() - {"nada"}:
            enviar(ruta, MALOS[nombre], 400)


def test_un_tipo_que_no_es_json_es_un_415(enviar: Any) -> None:
    for ruta, pedido in ORDENES.items():
        crudo = json.dumps(pedido).encode()
        for tipo in (None, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=latin-1"):
            enviar(ruta, crudo, 415, tipo)
        enviar(ruta, crudo, 415, JSON, **{"Content-Encoding": "gzip"})


def test_un_cuerpo_de_mas_de_un_mebibyte_es_un_413(enviar: Any) -> None:
    for ruta in (*ORDENES, *COMANDOS):
        enviar(ruta, b'{"a": "' + b"x" * 1024 * 1024 + b'"}', 413)


def test_un_cuerpo_de_un_mebibyte_justo_se_lee(api: FlaskClient) -> None:
    crudo = json.dumps(PAGO).encode()
    assert api.post("/pagos/pagar", data=crudo.ljust(1024 * 1024), content_type=JSON).status_code == 202


def test_lo_que_no_se_conoce_se_pasa_por_alto_hasta_sesenta_y_tres_niveles(api: FlaskClient) -> None:
    crudo = json.dumps(PAGO)[:-1].encode() + b', "sobra": ' + b"[" * 63 + b"]" * 63 + b"}"
    assert api.post("/pagos/pagar", data=crudo, content_type=JSON).status_code == 202


def test_un_numero_de_tarjeta_no_vuelve_en_el_error(api: FlaskClient) -> None:
    for ruta, pedido in ORDENES.items():
        for tarjeta in (4111111111111111, "4111111111111111"):
            for campo in (*PAGO, "payment_method_mask", "failure_reason", "nombre"):
                respuesta = api.post(ruta, json={**pedido, campo: tarjeta, "sobra": tarjeta})
                assert "411111" not in respuesta.text or respuesta.status_code < 300


VALORES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda hijos: st.lists(hijos, max_size=3) | st.dictionaries(st.text(max_size=10), hijos, max_size=3),
    max_leaves=6,
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_ningun_cuerpo_es_un_500(api: FlaskClient, data: st.DataObject) -> None:
    ruta = data.draw(st.sampled_from([*ORDENES, *COMANDOS]))
    base = ORDENES.get(ruta, {"nombre": "Ana", "gasto_id": "g", "monto": 1, "moneda": "EUR"})
    cambios = data.draw(st.dictionaries(st.sampled_from([*base, "nombre", "fecha_fin", "processed_at"]), VALORES))
    respuesta = api.post(ruta, json={**base, **cambios})
    assert respuesta.status_code in (201, 202, 400, 404), respuesta.text
    if respuesta.status_code >= 400:
        assert list(cuerpo(respuesta)) == ["error"]
