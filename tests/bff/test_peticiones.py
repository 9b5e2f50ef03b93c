"""Requests as browsers and people make them: bad parameters, other sites, other machines, other roles."""

import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import text

from gateway.acceso.ajustes import Acceso
from tests.bff.conftest import bff_en
from tests.bff.servidor import CoreMalo, http
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import cliente, pagado

P = "/api/v1"
JSON = "application/json"
SECRETO = "un secreto de pruebas, largo y variado: 0123456789"
PANEL = "https://panel.example.com"


@pytest.fixture
def bff(db_url: str) -> Iterator[FlaskClient]:
    with bff_en(db_url) as app:
        yield app.test_client()


@pytest.mark.parametrize(
    ("ruta", "campos"),
    [
        ("pagos?page=0", {"page"}),
        ("pagos?page=-1&per_page=101", {"page", "per_page"}),
        ("pagos?page=99999999999999999999", {"page"}),
        ("pagos?estado=PAGADO", {"estado"}),
        ("pagos?estado=PENDING,", {"estado"}),
        ("pagos?fecha_desde=ayer&fecha_hasta=2024-13-01", {"fecha_desde", "fecha_hasta"}),
        ("pagos?monto_min=NaN&monto_max=1e999", {"monto_min", "monto_max"}),
        ("pagos?monto_min=1_000&monto_max=%D9%A1&page=1_0", {"monto_min", "monto_max", "page"}),
        ("pagos?monto_min=%201&page=1%20&fecha_hasta=%202024-01-01", {"monto_min", "page", "fecha_hasta"}),
        ("clientes?sort_by=cedula&sort_order=up&search=" + "a" * 201, {"sort_by", "sort_order", "search"}),
        ("campanias?estado=PENDING", {"estado"}),
        ("pagos/payout-1?como_de=ayer", {"como_de"}),
        ("search", {"q"}),
        ("search?q=a", {"q"}),
        ("search?q=%20a%20&limit=51", {"q", "limit"}),
        ("search?q=ana&type=todo", {"type"}),
    ],
)
def test_un_parametro_que_no_sirve_es_un_400_que_dice_cual(bff: FlaskClient, ruta: str, campos: set[str]) -> None:
    respuesta = bff.get(f"{P}/{ruta}")
    cuerpo: Any = respuesta.json
    assert (respuesta.status_code, cuerpo["error"]) == (400, "Parámetros inválidos")
    assert set(cuerpo["details"]) == campos
    assert set(cuerpo) == {"error", "message", "details"}


def test_un_parametro_vacio_o_desconocido_no_cuenta(bff: FlaskClient) -> None:
    vacios = "estado=&partner_id=&fecha_desde=&fecha_hasta=&monto_min=&monto_max=&page=&per_page=&otro=1&search="
    assert bff.get(f"{P}/pagos?{vacios}").status_code == 200
    assert bff.get(f"{P}/pagos?partner_id=%00%ff&fecha_desde=2024-09-13T10:30:00+02:00").status_code == 200


@pytest.mark.parametrize(
    ("orden", "tipo", "cuerpo", "estado"),
    [
        ("DELETE pagos", JSON, b"", 405),
        ("GET nada", JSON, b"", 404),
        ("GET /pagos", JSON, b"", 404),
        ("POST pagos", "text/plain", b"{}", 415),
        ("POST pagos", JSON, b"x" * (1024 * 1024 + 1), 413),
        ("POST clientes", JSON, b'["a"]', 400),
        ("POST clientes", JSON, b"\xff\xfe", 400),
        ("POST clientes", JSON, b"[" * 100_000, 400),
        ("POST clientes", JSON, b'{"nombre": "Ana", "nombre": "Eva"}', 400),
    ],
)
def test_lo_que_http_no_admite_se_dice_como_lo_demas(
    bff: FlaskClient, orden: str, tipo: str, cuerpo: bytes, estado: int
) -> None:
    metodo, ruta = orden.split()
    respuesta = bff.open(f"{P}/{ruta}", method=metodo, content_type=tipo, data=cuerpo)
    assert respuesta.status_code == estado
    assert {"error", "message"} <= set(respuesta.json or {})
    assert respuesta.headers["X-Request-Id"]


def test_quien_pide_un_problema_lo_recibe(bff: FlaskClient) -> None:
    respuesta = bff.get(f"{P}/pagos?page=0", headers={"Accept": "application/problem+json", "X-Request-Id": "mio-1"})
    assert respuesta.content_type == "application/problem+json"
    assert respuesta.json is not None
    assert respuesta.json["instance"] == respuesta.headers["X-Request-Id"] == "mio-1"


def test_otra_maquina_no_entra_sin_credenciales(bff: FlaskClient) -> None:
    for mas in (
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"headers": {"Host": "evil.example.com"}},
        {"headers": {"Origin": "https://evil.example.com"}},
    ):
        respuesta = bff.get(f"{P}/pagos", **mas)
        assert respuesta.status_code == 401
        assert set(respuesta.json or {}) == {"error", "message"}


@pytest.fixture
def cerrado(db_url: str) -> Iterator[FlaskClient]:
    with bff_en(db_url, acceso=Acceso(jwt_secret=SECRETO.encode()), cors_origins=(PANEL,)) as app:
        lectura = Lectura(app.extensions["contenedor"].motor)
        lectura.ocurre("clientes", cliente("ana"))
        lectura.ocurre("pagos", *(pagado(f"payout-{n}") for n in range(30)))
        yield app.test_client()


def como(rol: str) -> dict[str, str]:
    datos = {"sub": f"una-{rol}", "roles": [rol], "exp": 4_000_000_000}
    return {"Authorization": f"Bearer {jwt.encode({'alg': 'HS256'}, datos, OctKey.import_key(SECRETO))}"}


def test_quien_solo_lee_ve_cedula_y_correo_tapados_aunque_otro_los_haya_visto_claros(cerrado: FlaskClient) -> None:
    for _ in range(2):
        claro: Any = cerrado.get(f"{P}/clientes/ana", headers=como("operador")).json
        tapado: Any = cerrado.get(f"{P}/clientes/ana", headers=como("lectura")).json
        assert (claro["cliente"]["cedula"], claro["cliente"]["email"]) == ("0012345", "ana@ejemplo.co")
        assert (tapado["cliente"]["cedula"], tapado["cliente"]["email"]) == ("****45", "a***@ejemplo.co")
    for ruta in ("clientes", "dashboard", "search?q=ana"):
        assert "ana@ejemplo.co" not in cerrado.get(f"{P}/{ruta}", headers=como("lectura")).text, ruta
    for ruta, total in (("clientes?search=ana@", "total"), ("search?q=ana@ejemplo.co", "total_results")):
        claro, tapado = (cerrado.get(f"{P}/{ruta}", headers=como(rol)).text for rol in ("operador", "lectura"))
        assert (f'"{total}":1' in claro, f'"{total}":0' in tapado, "Ana" in tapado) == (True, True, False), tapado


def test_cada_vista_en_claro_de_un_auditor_queda_anotada_tambien_de_memoria(cerrado: FlaskClient) -> None:
    for _ in range(2):
        cerrado.get(f"{P}/clientes/ana", headers=como("auditor"))
    cerrado.get(f"{P}/clientes/ana", headers=como("operador"))
    motor = cerrado.application.extensions["contenedor"].motor
    with motor.connect() as con:
        anotadas = con.execute(text("SELECT actor, alcance FROM accesos")).all()
    assert len(anotadas) == 2
    assert all("auditor" in actor and alcance["id"] == "ana" for actor, alcance in anotadas)


def test_quien_no_puede_ordenar_recibe_un_403_y_el_que_puede_pasa_con_su_propia_credencial(db_url: str) -> None:
    cuerpo = {"partner_id": "P"}
    with (
        CoreMalo(lambda _: http("202 ACCEPTED", b'{"id": "payout-1"}')) as core,
        bff_en(db_url, core.url, acceso=Acceso(jwt_secret=SECRETO.encode())) as app,
    ):
        bff, suyas = app.test_client(), como("operador") | {"traceparent": "00-a-b-01", "X-Request-Id": "r1"}
        assert bff.post(f"{P}/pagos", json=cuerpo, headers=como("lectura")).status_code == 403
        assert bff.post(f"{P}/pagos", json=cuerpo).status_code == 401
        assert core.pedidas == []
        assert bff.post(f"{P}/pagos", json=cuerpo, headers=suyas | {"X-Otra": "x", "Cookie": "y"}).status_code == 202
    pedido = core.cabeceras[0].decode().lower()
    assert suyas["Authorization"].lower() in pedido
    assert "traceparent: 00-a-b-01" in pedido
    assert "x-request-id: r1" in pedido
    assert "x-otra" not in pedido
    assert "cookie" not in pedido
    assert "forwarded" not in pedido


def test_otro_sitio_pregunta_si_puede_y_lee_lo_que_se_le_deja(cerrado: FlaskClient) -> None:
    sondeo = {
        "Origin": PANEL,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    permiso = cerrado.options(f"{P}/pagos", headers=sondeo)
    assert (permiso.status_code, permiso.headers["Access-Control-Allow-Origin"]) == (200, PANEL)
    assert "authorization" in permiso.headers["Access-Control-Allow-Headers"].lower()
    visto = cerrado.get(f"{P}/pagos", headers={"Origin": PANEL, **como("lectura")})
    expuestas = visto.headers["Access-Control-Expose-Headers"]
    for nombre in ("X-Posicion", "X-Version", "X-Request-Id", "X-Codigo-Error", "ETag", "Location", "Retry-After"):
        assert nombre in expuestas
    ajeno = cerrado.get(f"{P}/pagos", headers={"Origin": "https://otro.example.com", **como("lectura")})
    assert "Access-Control-Allow-Origin" not in ajeno.headers
    assert cerrado.get(f"{P}/pagos", headers={"Origin": PANEL}).headers["Access-Control-Allow-Origin"] == PANEL


def test_las_paginas_largas_van_comprimidas_para_quien_lo_pide(cerrado: FlaskClient) -> None:
    clara = cerrado.get(f"{P}/pagos", headers=como("lectura"))
    apretada = cerrado.get(f"{P}/pagos", headers={"Accept-Encoding": "gzip", **como("lectura")})
    assert apretada.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(apretada.data) == clara.data
    assert len(apretada.data) < len(clara.data) / 3
    assert apretada.headers["ETag"] == clara.headers["ETag"]
    assert "Accept-Encoding" in ",".join(apretada.headers.getlist("Vary"))
    repetida = {"Accept-Encoding": "gzip", "If-None-Match": clara.headers["ETag"], **como("lectura")}
    assert cerrado.get(f"{P}/pagos", headers=repetida).status_code == 304


def test_la_salud_se_dice_a_cualquiera(cerrado: FlaskClient) -> None:
    respuesta = cerrado.get(f"{P}/health", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert respuesta.status_code == 503
    assert set(respuesta.json or {}) == {"status", "timestamp", "version", "services", "cache"}
