"""The BFF's description of itself: valid, served offline, good enough for a generator; and its figures."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from bff.infrastructure.web.app import documento
from tests.cliente_tipado import cliente_de
from tests.dicho import cuerpos_a_medias, ejemplos_de_otro_tipo, exigir_dicho, operaciones
from tests.gateway.http.conftest import PAGO

OPERACIONES = {
    "campanias": "crear listar ver",
    "clientes": "crear listar ver",
    "dashboard": "ver",
    "health": "ver",
    "pagos": "crear listar ver",
    "search": "buscar",
    "sistema": "docs metricas spec",
}
"""By which generated clients call them: an update must not rename what somebody's program calls."""


def test_el_documento_es_openapi_3_1_valido_y_dice_quien_puede(bff: FlaskClient) -> None:
    escrito = documento()
    assert escrito["openapi"].startswith("3.1")
    assert [f"{error.instance_path}: {error.message}" for error in OPENAPI_31_VALIDATOR.iter_errors(escrito)] == []
    for ruta, de_ruta in escrito["paths"].items():
        for metodo in {"get", "post"} & de_ruta.keys():
            assert bool(de_ruta[metodo]["security"]) is (ruta != "/api/v1/health"), ruta
    servido = bff.get("/spec")
    assert servido.json == escrito
    assert bff.get("/spec", headers={"If-None-Match": servido.headers["ETag"]}).status_code == 304
    assert servido.headers["Cache-Control"] == "private, no-cache", "para que un navegador la guarde"


@pytest.mark.parametrize(
    ("estado", "metodo", "ruta", "mas"),
    [
        (200, "GET", "/docs", {}),
        (200, "GET", "/metrics", {"headers": {"Accept": "text/plain"}}),
        (202, "POST", "/api/v1/pagos", {"json": PAGO}),
        (304, "GET", "/api/v1/pagos", {"headers": {"If-None-Match": "*"}}),
        (401, "GET", "/api/v1/health", {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}),
        (401, "POST", "/api/v1/pagos", {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}),
        (412, "POST", "/api/v1/pagos", {"json": PAGO, "headers": {"If-Match": "7"}}),
        (415, "POST", "/api/v1/pagos", {"data": "{}"}),
        (503, "GET", "/api/v1/pagos", {"headers": {"X-Posicion-Minima": "pagos:9"}}),
    ],
)
def test_lo_que_se_responde_esta_dicho(bff: FlaskClient, estado: int, metodo: str, ruta: str, mas: Any) -> None:
    respuesta = bff.open(ruta, method=metodo, **mas)
    assert respuesta.status_code == estado
    exigir_dicho(documento(), ruta, respuesta)


def test_lo_que_se_muestra_para_enviar_trae_todo_lo_que_hace_falta() -> None:
    assert cuerpos_a_medias(documento()) == []


def test_las_operaciones_se_llaman_como_siempre() -> None:
    assert operaciones(documento()) == OPERACIONES


def test_los_ejemplos_de_los_parametros_son_de_su_tipo() -> None:
    assert ejemplos_de_otro_tipo(documento()) == []


def test_las_palabras_de_un_filtro_y_de_un_estado_estan_dichas() -> None:
    escrito = documento()
    de_pagos = {uno["name"]: uno["schema"] for uno in escrito["paths"]["/api/v1/pagos"]["get"]["parameters"][:8]}
    assert {"COMPLETADO", "PENDING"} < set(de_pagos["estado"]["items"]["enum"])
    formas = escrito["components"]["schemas"]
    assert "PENDING" not in formas["PagoEnLista"]["properties"]["estado"]["enum"]
    assert formas["Error"]["properties"]["details"]["additionalProperties"]["type"] == "array"


def test_la_documentacion_no_pide_nada_de_fuera(bff: FlaskClient) -> None:
    pagina = bff.get("/docs")
    pedidos = re.findall(r'(?:href|src)="([^"]+)"', pagina.text)
    assert len(pedidos) == 4
    for ruta in pedidos:
        with bff.get(ruta) as archivo:
            assert (ruta.startswith("/docs/"), archivo.status_code) == (True, 200)
    assert "default-src 'self'" in pagina.headers["Content-Security-Policy"]


def test_un_cliente_generado_del_documento_funciona(app: Flask, tmp_path: Path) -> None:
    with cliente_de(documento(), tmp_path) as pieza:
        cliente = pieza("client").Client(
            base_url="http://localhost", httpx_args={"transport": httpx.WSGITransport(app)}
        )
        rutas = {archivo.stem: archivo for archivo in tmp_path.glob("cliente_*/api/*/*.py")}
        tablero = next(uno for uno in rutas if uno.startswith("dashboard_"))
        visto = pieza(f"api.{rutas[tablero].parent.name}.{tablero}").sync(client=cliente)
        assert (visto.total_pagos, visto.pagos_recientes) == (0, [])


def test_las_metricas_cuentan_y_hablan_prometheus(bff: FlaskClient) -> None:
    antes = bff.get("/metrics").json
    assert bff.post("/api/v1/pagos", json={**PAGO, "currency": "NADA"}).status_code == 400
    despues = bff.get("/metrics").json
    assert antes is not None
    assert despues is not None
    assert list(despues) == ["count", "errors", "p50", "p95", "p99"]
    assert despues["count"] == antes["count"] + 2
    texto = bff.get("/metrics", headers={"Accept": "text/plain"}).text
    assert 'alpes_http_duracion_por_ruta_segundos_count{estado="400",metodo="POST",ruta="/api/v1/pagos"} 1.0' in texto
