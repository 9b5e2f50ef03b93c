"""Payouts over HTTP: accepted, refused, repeated."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.composicion import Sistema, construir
from gateway.http.app import crear_app
from tests.gateway.http.conftest import ANA, HECHO, PAGO, cuerpo, desde, siguiendo
from tests.gateway.sistema import config_de


def _pagar(api: FlaskClient, **cambios: Any) -> str:
    respuesta = api.post("/pagos/pagar", json={**PAGO, **cambios})
    assert respuesta.status_code == 202, cuerpo(respuesta)
    return str(cuerpo(respuesta)["id"])


def test_un_pago_aceptado_se_puede_leer_enseguida(api: FlaskClient) -> None:
    respuesta = api.post("/pagos/pagar", json=HECHO)
    assert (respuesta.status_code, list(cuerpo(respuesta))) == (202, ["id"])
    assert respuesta.headers["X-Posicion"].startswith("pagos:")
    assert respuesta.headers["Location"] == f"/pagos/{cuerpo(respuesta)['id']}"
    detalle = api.get(respuesta.headers["Location"])
    assert detalle.status_code == 200
    assert detalle.headers["X-Version"] == "4"
    assert cuerpo(detalle) == {
        "id": cuerpo(respuesta)["id"],
        "partner_id": "PARTNER001",
        "cycle_id": "CYCLE-2024-09",
        "estado": "COMPLETADO",
        "monto_total": {"valor": 1250.5, "moneda": "USD"},
        "fecha_creacion": "2024-09-13T10:30:00",
        "fecha_actualizacion": "2024-09-13T10:32:15",
    }


def test_la_fila_y_el_flujo_se_muestran_igual(api: FlaskClient, sistema: Sistema) -> None:
    respuesta = api.post("/pagos/pagar", json=HECHO)
    del_flujo = api.get(respuesta.headers["Location"])
    with siguiendo(sistema):
        minima = desde(sistema, respuesta.headers["X-Posicion"])
        minima["X-Posicion-Minima"] += ", cliente:999"
        de_la_fila = api.get(respuesta.headers["Location"], headers=minima)
    assert de_la_fila.status_code == 200
    assert de_la_fila.data == del_flujo.data
    assert de_la_fila.headers["ETag"] == del_flujo.headers["ETag"]


def test_un_pago_repetido_por_su_confirmacion_responde_lo_mismo(api: FlaskClient) -> None:
    primero = api.post("/pagos/pagar", json=HECHO)
    segundo = api.post("/pagos/pagar", json=HECHO)
    assert (segundo.status_code, cuerpo(segundo)) == (202, cuerpo(primero))
    otro = api.post("/pagos/pagar", json={**HECHO, "total_amount": 3})
    assert (otro.status_code, otro.headers["X-Codigo-Error"]) == (400, "CONFIRMACION_YA_USADA")


@pytest.mark.parametrize(
    ("cambios", "codigo"),
    [
        ({"total_amount": 0}, "MONTO_NO_POSITIVO"),
        ({"total_amount": -5}, "MONTO_NO_POSITIVO"),
        ({"total_amount": 1.001}, "DEMASIADOS_DECIMALES"),
        ({"total_amount": 1e300}, "MONTO_DEMASIADO_GRANDE"),
        ({"total_amount": "1250.50"}, "CAMPO_INVALIDO"),
        ({"total_amount": True}, "CAMPO_INVALIDO"),
        ({"total_amount": None}, "CAMPOS_REQUERIDOS"),
        ({"partner_id": " "}, "CAMPOS_REQUERIDOS"),
        ({"partner_id": 5}, "CAMPO_INVALIDO"),
        ({"currency": "XXX"}, "MONEDA_DESCONOCIDA"),
        ({"currency": "JPY"}, "DEMASIADOS_DECIMALES"),
        ({"payment_method_mask": "4111111111111111"}, "MASCARA_REVELADORA"),
        ({"completed_at": "2024-01-01"}, "COMPLETADO_SIN_CONFIRMACION"),
        ({"processed_at": "ayer"}, "CAMPO_INVALIDO"),
        ({"processed_at": "2999-01-01"}, "FECHA_EN_EL_FUTURO"),
        ({"failure_reason": "x", "confirmation_id": "C"}, "FALLO_CON_CONFIRMACION"),
        ({"failure_reason": "tarjeta 4111 1111 1111 1111"}, "NUMERO_DE_TARJETA"),
    ],
)
def test_un_pago_que_rompe_una_regla_es_un_400(api: FlaskClient, cambios: dict[str, Any], codigo: str) -> None:
    respuesta = api.post("/pagos/pagar", json={**PAGO, **cambios})
    assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (400, codigo)
    assert list(cuerpo(respuesta)) == ["error"]
    assert "1111" not in respuesta.text


def test_en_modo_cerrado_solo_se_paga_a_clientes_activos(db_url: str) -> None:
    config = config_de(db_url, partners_modo="cerrado")
    with construir(config) as sistema:
        api = crear_app(sistema, config).test_client()
        respuesta = api.post("/pagos/pagar", json={**PAGO, "partner_id": "ana"})
        assert (respuesta.status_code, cuerpo(respuesta)) == (400, {"error": "Partner no encontrado"})
        api.post("/cliente/registrar", json=ANA)
        assert api.post("/pagos/pagar", json={**PAGO, "partner_id": "ana"}).status_code == 202


def test_los_campos_que_faltan_se_nombran(api: FlaskClient) -> None:
    respuesta = api.post("/pagos/pagar", json={"partner_id": "P"})
    assert cuerpo(respuesta) == {"error": "cycle_id, total_amount y currency son requeridos"}


def test_el_monto_entra_y_sale_exacto(api: FlaskClient) -> None:
    crudo = b'{"partner_id": "P", "cycle_id": "C", "total_amount": 1234567890123.07, "currency": "usd"}'
    respuesta = api.post("/pagos/pagar", data=crudo, content_type="application/json")
    assert '"valor":1234567890123.07,' in api.get(respuesta.headers["Location"]).text


def test_los_comandos_llevan_el_pago_por_su_vida(api: FlaskClient) -> None:
    payout = _pagar(api, processed_at=None)
    ruta = f"/pagos/{payout}/comandos/"
    assert cuerpo(api.post(ruta + "procesar")) == {"id": payout}
    fallo = {"codigo": "TECNICO", "motivo": "El banco no responde"}
    assert api.post(ruta + "fallar", json=fallo).status_code == 202
    assert api.post(ruta + "fallar", json=fallo).status_code == 202
    assert api.post(ruta + "reintentar", json={}).status_code == 202
    assert api.post(ruta + "procesar").status_code == 202
    completado = cuerpo(api.get(f"/pagos/{payout}"))["fecha_actualizacion"]
    assert api.post(ruta + "confirmar", json={"confirmation_id": "C-9", "completed_at": completado}).status_code == 202
    cancelado = api.post(ruta + "cancelar", json={"motivo": "tarde"})
    assert (cancelado.status_code, cuerpo(cancelado)) == (409, {"error": "No se puede cancelar en estado COMPLETADO"})
    assert api.post(ruta + "revertir", json={"motivo": "devuelto"}).status_code == 202
    assert cuerpo(api.get(f"/pagos/{payout}"))["estado"] == "REVERTIDO"


@pytest.mark.parametrize("verbo", ["procesar", "confirmar", "fallar", "reintentar", "revertir", "cancelar"])
def test_un_comando_sobre_un_pago_que_no_existe_es_un_404(api: FlaskClient, verbo: str) -> None:
    pedido = {"motivo": "m", "codigo": "TECNICO", "confirmation_id": "c", "completed_at": "2024-01-01"}
    respuesta = api.post(f"/pagos/payout-nada/comandos/{verbo}", json=pedido)
    assert (respuesta.status_code, cuerpo(respuesta)) == (404, {"error": "Payout no encontrado"})


def test_una_regla_de_valor_en_un_comando_es_un_400(api: FlaskClient) -> None:
    ruta = f"/pagos/{_pagar(api)}/comandos/"
    assert api.post(ruta + "fallar", json={"codigo": "OTRO", "motivo": "m"}).status_code == 400
    assert cuerpo(api.post(ruta + "cancelar", json={})) == {"error": "motivo es requerido"}
    assert api.post(ruta + "fallar", json={"codigo": "TECNICO", "motivo": "m", "definitivo": "si"}).status_code == 400


@pytest.mark.parametrize("id", ["payout-nada", "email:abc", "%00", "a" * 65, "a b", "%F0%9F%92%A5"])
def test_un_pago_que_no_existe_es_un_404(api: FlaskClient, id: str) -> None:
    for respuesta in (api.get(f"/pagos/{id}"), api.post(f"/pagos/{id}/comandos/procesar")):
        assert (respuesta.status_code, cuerpo(respuesta)) == (404, {"error": "Payout no encontrado"})
