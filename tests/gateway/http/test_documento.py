"""The API's description of itself: valid, complete, and true to the last example."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from gateway.composicion import Sistema, construir
from gateway.documento import leer_ejemplos
from gateway.http.app import EJEMPLOS
from gateway.http.app import documento as documento_de_la_api
from tests.cliente_tipado import cliente_de
from tests.dicho import cuerpos_a_medias, ejemplos_de_otro_tipo, exigir_dicho, operaciones
from tests.gateway.http.conftest import PAGO, cuerpo, siguiendo
from tests.gateway.sistema import config_de
from tests.historia import Reloj, exigir_que_sean_verdad

OPERACIONES = {
    "auditoria": "registro ver",
    "campanias": "activar cancelar crear finalizar gastar pausar presupuestar reanudar ver",
    "cliente": "actualizar anonimizar desactivar reactivar registrar ver",
    "pagos": "cancelar confirmar fallar pagar procesar reintentar revertir ver",
    "sistema": "docs metricas salud spec",
}
"""By which generated clients call them: an update must not rename what somebody's program calls."""


@pytest.fixture
def reloj() -> Reloj:
    return Reloj()


@pytest.fixture
def sistema(db_url: str, reloj: Reloj) -> Iterator[Sistema]:
    with construir(config_de(db_url), reloj=reloj) as sistema:
        yield sistema


@pytest.fixture
def documento(api: FlaskClient) -> dict[str, Any]:
    return dict(cuerpo(api.get("/spec")))


def test_el_documento_es_openapi_3_1_valido(documento: dict[str, Any]) -> None:
    assert documento["openapi"].startswith("3.1")
    assert [f"{error.instance_path}: {error.message}" for error in OPENAPI_31_VALIDATOR.iter_errors(documento)] == []


def test_cada_ejemplo_es_verdad(api: FlaskClient, sistema: Sistema, reloj: Reloj) -> None:
    with siguiendo(sistema):
        exigir_que_sean_verdad(api, EJEMPLOS, sistema, reloj)


@pytest.mark.parametrize(
    ("estado", "metodo", "ruta", "mas"),
    [
        (200, "GET", "/docs", {}),
        (200, "GET", "/metrics", {"headers": {"Accept": "text/plain"}}),
        (202, "POST", "/pagos/pagar", {"json": PAGO}),
        (401, "GET", "/health", {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}),
        (401, "POST", "/pagos/pagar", {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}),
        (412, "POST", "/pagos/pagar", {"json": PAGO, "headers": {"If-Match": "7"}}),
    ],
)
def test_lo_que_se_responde_esta_dicho(api: FlaskClient, estado: int, metodo: str, ruta: str, mas: Any) -> None:
    respuesta = api.open(ruta, method=metodo, **mas)
    assert respuesta.status_code == estado
    exigir_dicho(documento_de_la_api(), ruta, respuesta)


def test_lo_que_responde_un_detalle_esta_dicho(api: FlaskClient) -> None:
    pago = cuerpo(api.post("/pagos/pagar", json=PAGO))["id"]
    for estado, cabeceras in ((304, {"If-None-Match": "*"}), (503, {"X-Posicion-Minima": "pagos:9"})):
        respuesta = api.get(f"/pagos/{pago}", headers=cabeceras)
        assert respuesta.status_code == estado
        exigir_dicho(documento_de_la_api(), "/pagos/{id}", respuesta)


def test_lo_que_se_muestra_para_enviar_trae_todo_lo_que_hace_falta() -> None:
    assert cuerpos_a_medias(documento_de_la_api()) == []


def test_las_operaciones_se_llaman_como_siempre() -> None:
    assert operaciones(documento_de_la_api()) == OPERACIONES


def test_los_ejemplos_de_los_parametros_son_de_su_tipo() -> None:
    assert ejemplos_de_otro_tipo(documento_de_la_api()) == []


def test_cada_operacion_se_muestra_con_un_ejemplo(documento: dict[str, Any]) -> None:
    sin_ejemplo = [
        f"{metodo} {ruta}"
        for ruta, de_ruta in documento["paths"].items()
        for metodo, operacion in de_ruta.items()
        if metodo in ("get", "post") and '"examples"' not in str(operacion).replace("'", '"')
    ]
    assert sin_ejemplo == ["get /spec", "get /docs"], "lo que es una página no se copia"


def test_un_ejemplo_de_una_ruta_que_ya_no_esta_se_nota(app: Flask, documento: dict[str, Any]) -> None:
    for ejemplo in leer_ejemplos(EJEMPLOS):
        assert ejemplo.metodo.lower() in documento["paths"][ejemplo.ruta], ejemplo.nombre


def test_un_cliente_generado_del_documento_funciona(app: Flask, tmp_path: Path) -> None:
    with cliente_de(documento_de_la_api(), tmp_path) as pieza:
        local = httpx.WSGITransport(app)
        cliente = pieza("client").Client(base_url="http://localhost", httpx_args={"transport": local})
        pagar, ver = pieza("api.pagos.pagos_pagar"), pieza("api.pagos.pagos_ver")
        pago = pieza("models.pagar").Pagar(**PAGO)
        aceptado = pagar.sync(client=cliente, body=pago)
        visto = ver.sync(aceptado.id, client=cliente)
        assert (visto.partner_id, visto.estado, visto.monto_total.valor) == ("PARTNER001", "PENDIENTE", 1250.5)
        assert ver.sync_detailed("payout-0", client=cliente).parsed.error == "Payout no encontrado"
