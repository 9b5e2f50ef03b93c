"""The open mode answers this machine, and nobody else."""

import pytest
from flask.testing import FlaskClient

from gateway.composicion import Sistema
from tests.gateway.http.conftest import PAGO, cuantos_eventos, cuerpo

FUERA = {
    "otra máquina": ({"REMOTE_ADDR": "10.0.0.7"}, {}),
    "otra máquina v6": ({"REMOTE_ADDR": "2001:db8::1"}, {}),
    "sin dirección": ({"REMOTE_ADDR": ""}, {}),
    "Host ajeno": ({}, {"Host": "alpes.example.com"}),
    "Host que parece": ({}, {"Host": "localhost.example.com"}),
    "Host con usuario": ({}, {"Host": "localhost@example.com"}),
    "Host con fragmento": ({}, {"Host": "localhost#.example.com"}),
    "Host con consulta": ({}, {"Host": "localhost?.example.com"}),
    "Host privado": ({}, {"Host": "192.168.1.5:5000"}),
    "Host vacío": ({}, {"Host": ""}),
    "Origin ajeno": ({}, {"Origin": "https://example.com"}),
    "Origin con fragmento": ({}, {"Origin": "http://localhost#.example.com"}),
    "Origin opaco": ({}, {"Origin": "null"}),
    "Forwarded": ({}, {"Forwarded": "for=10.0.0.7"}),
    "X-Forwarded-For": ({}, {"X-Forwarded-For": "127.0.0.1"}),
    "X-Forwarded-Proto": ({}, {"X-Forwarded-Proto": "https"}),
    "X-Real-IP": ({}, {"X-Real-IP": "127.0.0.1"}),
    "Via": ({}, {"Via": "1.1 proxy"}),
}


@pytest.mark.parametrize("caso", FUERA)
def test_lo_que_no_es_de_esta_maquina_es_un_401(api: FlaskClient, sistema: Sistema, caso: str) -> None:
    entorno, cabeceras = FUERA[caso]
    for metodo, ruta, clave in (
        ("POST", "/pagos/pagar", "error"),
        ("GET", "/cliente/x", "message"),
        ("GET", "/health", "error"),
        ("GET", "/docs/swagger-ui.css", "error"),
    ):
        pedido = PAGO if metodo == "POST" else None
        respuesta = api.open(ruta, method=metodo, environ_overrides=entorno, headers=cabeceras, json=pedido)
        assert (respuesta.status_code, list(cuerpo(respuesta))) == (401, [clave])
        assert "AUTH_JWT_SECRET" in respuesta.text
    assert cuantos_eventos(sistema) == 0


@pytest.mark.parametrize(
    ("direccion", "anfitrion", "origen"),
    [
        ("127.0.0.1", "localhost:5000", None),
        ("127.0.0.1", "LOCALHOST", "http://localhost:5001"),
        ("::1", "[::1]:5000", "http://[::1]:5001"),
        ("::ffff:127.0.0.1", "127.0.0.1:5000", "http://127.0.0.1:3000"),
        ("127.8.8.8", "127.0.0.2", None),
    ],
)
def test_lo_que_es_de_esta_maquina_se_atiende(
    api: FlaskClient, direccion: str, anfitrion: str, origen: str | None
) -> None:
    cabeceras = {"Host": anfitrion, **({"Origin": origen} if origen else {})}
    respuesta = api.get("/health", environ_overrides={"REMOTE_ADDR": direccion}, headers=cabeceras)
    assert respuesta.status_code == 200
