"""The BFF's description of itself: valid, served offline, good enough for a generator; and its figures."""

import re
from pathlib import Path

import httpx
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from bff.infrastructure.web.app import documento
from tests.cliente_tipado import cliente_de
from tests.gateway.http.conftest import PAGO


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
