"""A core that is dead, slow, lies or answers by halves: what the BFF says then, and how soon."""

import asyncio
from typing import Any

import httpx2
import pytest
from flask.testing import FlaskClient

from bff.application.ports.peticion import Peticion
from bff.domain.exceptions import ServicioLento
from bff.infrastructure.adapters.core import Core
from bff.infrastructure.plazo import abrir_plazo
from tests.bff.conftest import bff_en, conectado
from tests.bff.servidor import CoreMalo, http
from tests.cronometro import en_menos_de
from tests.eventualmente import eventualmente

PAGO = {"partner_id": "P", "cycle_id": "C", "total_amount": 10, "currency": "USD"}
CLIENTE = {"nombre": "Ana Díaz", "email": "ana@example.com", "cedula": "12345", "fecha_nacimiento": "1990-05-20"}
CAMPANIA = {"idCampania": "K", "idCliente": "ana", "itinerario": []}
ORDENES: dict[str, dict[str, Any]] = {"pagos": PAGO, "clientes": CLIENTE, "campanias": CAMPANIA}
ARRIBA = http("200 OK", b'{"status": "up"}')
MENTIRAS = {
    "una página": b"HTTP/1.1 202 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
    "otra forma": http("202 ACCEPTED", b'{"ok": true}'),
    "una lista": http("202 ACCEPTED", b"[]"),
    "otro tipo": http("202 ACCEPTED", b'{"id": 7, "message": 1, "data": []}'),
    "un id con saltos": http("202 ACCEPTED", b'{"id": "payout-1\\r\\nSet-Cookie: a=1"}'),
    "un desvío": http("302 FOUND", b"{}", "Location: http://127.0.0.1:1/"),
    "un 500": http("500 X", b'{"error": "Error interno", "trace": "secreto"}'),
    "un 503": http("503 X", b'{"error": "El almacen no responde"}'),
    "un 400 sin motivo": http("400 X", b'{"nada": 1}'),
    "basura": b"\x00\x01\x02\r\n\r\n",
    "a medias": b'HTTP/1.1 202 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"id": "payout-1"',
    "la mitad de las cabeceras": b"HTTP/1.1 202 OK\r\nContent-Ty",
    "nada": None,
}


def enviar(bff: FlaskClient, que: str, **cabeceras: str) -> Any:
    return bff.post(f"/api/v1/{que}", json=ORDENES[que], headers=cabeceras)


@pytest.mark.parametrize("que", ORDENES)
def test_con_el_core_muerto_una_orden_es_un_502(db_url: str, que: str) -> None:
    with bff_en(db_url) as app:
        respuesta = enviar(app.test_client(), que)
    assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (502, "SERVICIO_ROTO")
    assert set(respuesta.json) == {"error", "message"}


@pytest.mark.parametrize("mentira", MENTIRAS)
def test_un_core_que_miente_o_responde_a_medias_es_un_502(db_url: str, mentira: str) -> None:
    with CoreMalo(lambda _: MENTIRAS[mentira]) as core, bff_en(db_url, core.url) as app:
        for que in ORDENES:
            respuesta = enviar(app.test_client(), que)
            assert respuesta.status_code == 502, (que, respuesta.text)
            assert "secreto" not in respuesta.text


def test_un_evento_que_el_core_no_puede_leer_se_nombra_y_no_lo_da_por_caido(db_url: str) -> None:
    dicho = "No se puede leer PagoCreado.v1, versión 1 de payout-1: DecodeError"
    cuerpo = f'{{"error": "{dicho}", "trace": "x"}}'.encode()
    respuesta_del_core = http("500 X", cuerpo, "X-Codigo-Error: EVENTO_ILEGIBLE")
    with CoreMalo(lambda _: respuesta_del_core) as core, bff_en(db_url, core.url) as app:
        for _ in range(7):
            respuesta: Any = app.test_client().get("/api/v1/pagos/payout-1?como_de=2999-01-01")
            assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (502, "EVENTO_ILEGIBLE")
            assert respuesta.json == {"error": "Un evento guardado no se puede leer", "message": dicho}
    assert len(core.pedidas) == 7


def test_lo_que_el_core_aun_no_muestra_es_un_503_y_no_lo_da_por_caido(db_url: str) -> None:
    aun_no = http("503 X", b'{"error": "La consulta no alcanza"}', "X-Codigo-Error: POSICION_NO_ALCANZADA")
    with CoreMalo(lambda _: aun_no) as core, bff_en(db_url, core.url) as app:
        for _ in range(7):
            respuesta = app.test_client().get("/api/v1/clientes/ana?como_de=2026-01-01")
            assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (503, "POSICION_NO_ALCANZADA")
            assert respuesta.headers["Retry-After"] == "1"
    assert len(core.pedidas) == 7


def test_un_401_del_core_dice_como_identificarse(db_url: str) -> None:
    reto = "WWW-Authenticate: Bearer"
    rechazo = http("401 X", b'{"error": "Falta"}', "X-Codigo-Error: CREDENCIALES_REQUERIDAS", reto)
    with CoreMalo(lambda _: rechazo) as core, bff_en(db_url, core.url) as app:
        respuesta = enviar(app.test_client(), "pagos")
    assert (respuesta.status_code, respuesta.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_un_core_que_tarda_es_un_504_dentro_del_plazo(db_url: str) -> None:
    with CoreMalo(lambda _: ARRIBA, espera=30) as core, bff_en(db_url, core.url, request_timeout=0.4) as app:
        bff = conectado(app)
        respuesta = en_menos_de(2, lambda: enviar(bff, "pagos"))
    assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (504, "SERVICIO_LENTO")


def test_un_core_de_segundo_y_pico_esta_degradado_con_nota_y_el_todo_sano(db_url: str) -> None:
    with CoreMalo(lambda _: ARRIBA, espera=1.2) as core, bff_en(db_url, core.url) as app:
        salud: Any = en_menos_de(3, lambda: app.test_client().get("/api/v1/health").json)
    assert salud["status"] == "healthy"
    for servicio in salud["services"].values():
        assert servicio["status"] == "degraded"
        assert 1200 <= servicio["response_time_ms"] < 3000
        assert servicio["note"] == "Latencia alta"


def test_un_core_congelado_esta_caido_y_se_dice_antes_de_que_la_peticion_se_acabe(db_url: str) -> None:
    with CoreMalo(lambda _: ARRIBA, espera=30) as core, bff_en(db_url, core.url, request_timeout=3.5) as app:
        bff = conectado(app)
        respuesta = en_menos_de(3.5, lambda: bff.get("/api/v1/health", headers={"If-None-Match": "*"}))
    salud: Any = respuesta.json
    assert (respuesta.status_code, salud["status"]) == (503, "unhealthy")
    for servicio in salud["services"].values():
        assert (servicio["status"], servicio["note"]) == ("down", "El servicio tarda demasiado")
        assert servicio["response_time_ms"] < 3500


def test_con_uno_caido_el_todo_esta_degradado_y_con_todos_es_un_503(db_url: str) -> None:
    with CoreMalo(lambda _: ARRIBA) as core, bff_en(db_url, core.url, pagos_url="http://127.0.0.1:9") as app:
        respuesta = en_menos_de(0.9, lambda: app.test_client().get("/api/v1/health"))
    salud: Any = respuesta.json
    assert (respuesta.status_code, salud["status"]) == (200, "degraded")
    estados = {nombre: uno["status"] for nombre, uno in salud["services"].items()}
    assert estados == {"cliente_service": "up", "pagos_service": "down", "campanias_service": "up"}
    with bff_en(db_url) as app:
        respuesta = app.test_client().get("/api/v1/health")
    assert (respuesta.status_code, respuesta.json and respuesta.json["status"]) == (503, "unhealthy")


def test_una_orden_sin_clave_se_envia_una_sola_vez_y_con_clave_se_insiste(db_url: str) -> None:
    with CoreMalo(lambda _: None) as core, bff_en(db_url, core.url) as app:
        enviar(app.test_client(), "pagos")
        assert len(core.pedidas) == 1
        enviar(app.test_client(), "pagos", **{"Idempotency-Key": "k1"})
        assert len(core.pedidas) == 4
        assert all(b"idempotency-key: k1" in uno.lower() for uno in core.cabeceras[1:])


def test_tras_varias_fallas_seguidas_no_se_pregunta_mas_por_un_rato(db_url: str) -> None:
    with CoreMalo(lambda _: None) as core, bff_en(db_url, core.url) as app:
        bff = app.test_client()
        respuestas = [enviar(bff, "pagos").status_code for _ in range(8)]
        assert respuestas == [502] * 8
        assert len(core.pedidas) == 5
        # The others have breakers of their own.
        enviar(bff, "campanias")
        assert len(core.pedidas) == 6


def test_un_core_lento_deja_dicho_que_era_lento(db_url: str) -> None:
    with CoreMalo(lambda _: ARRIBA, espera=30) as core, bff_en(db_url, core.url, request_timeout=1) as app:
        bff = conectado(app)
        assert [enviar(bff, "pagos").status_code for _ in range(7)] == [504] * 7
        # The last of them may have been given up before the core had read it.
        eventualmente(lambda: len(core.pedidas), lambda veces: veces >= 5)
        assert len(core.pedidas) == 5


def test_las_paginas_no_necesitan_al_core(db_url: str) -> None:
    with bff_en(db_url) as app:
        bff = app.test_client()
        for ruta in ("dashboard", "clientes", "pagos", "campanias", "search?q=ana"):
            assert bff.get(f"/api/v1/{ruta}").status_code == 200, ruta
        # Whether it was accepted and isn't here yet, only the core knows.
        assert bff.get("/api/v1/pagos/payout-1").status_code == 502


def test_el_plazo_es_de_toda_la_peticion_aunque_el_core_gotee(db_url: str) -> None:
    largo = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    with CoreMalo(lambda _: largo) as core, bff_en(db_url, core.url, request_timeout=0.5) as app:
        bff = conectado(app)
        respuesta = en_menos_de(2, lambda: bff.get("/api/v1/pagos/payout-1"))
    assert respuesta.status_code in (502, 504)


def test_sin_tiempo_ya_no_se_pregunta_nada_y_se_dice_que_es_lento() -> None:
    async def enviar_sin_tiempo(url: str) -> None:
        async with httpx2.AsyncClient() as http:
            abrir_plazo(0)
            await Core("pagos", url, http, 1).enviar("/pagos/crear", b"{}", Peticion())

    with CoreMalo(lambda _: ARRIBA) as core:
        with pytest.raises(ServicioLento):
            asyncio.run(enviar_sin_tiempo(core.url))
        assert core.pedidas == []
