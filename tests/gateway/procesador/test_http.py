"""What the HTTP adapter believes of a provider, and what it does not."""

import socket
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from domain.base.dinero import Dinero
from domain.pagos.procesador import Confirmada, Rechazada, SinRespuesta, Solicitud
from gateway.procesador.http import ProcesadorHttp
from tests.cronometro import en_menos_de
from tests.gateway.procesador.proveedor import Contestacion, Pedido, Proveedor

SOLICITUD = Solicitud("payout-1", 2, "PARTNER", Dinero(125050, "USD"), "BANK", "****1234")
CONFIRMADA = Confirmada("BANCO-payout-1:2", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def test_un_pago_confirmado_trae_su_comprobante() -> None:
    with Proveedor() as proveedor:
        assert ProcesadorHttp(proveedor.url).pagar(SOLICITUD) == CONFIRMADA
        (pedido,) = proveedor.pedidos
    assert pedido.clave == "payout-1:2"
    assert pedido.cuerpo == {
        "clave": "payout-1:2",
        "payout_id": "payout-1",
        "partner_id": "PARTNER",
        "monto": {"valor": "1250.50", "moneda": "USD"},
        "metodo": {"tipo": "BANK", "mascara": "****1234"},
    }


def test_un_rechazo_trae_su_codigo_y_si_es_definitivo() -> None:
    def rechaza(_: Pedido, honesta: Contestacion) -> Contestacion:
        rechazo = {"estado": "RECHAZADO", "codigo": "FONDOS", "motivo": "Sin fondos", "definitivo": True}
        return replace(honesta, cuerpo={**honesta.cuerpo, **rechazo})

    with Proveedor(rechaza) as proveedor:
        assert ProcesadorHttp(proveedor.url).pagar(SOLICITUD) == Rechazada("FONDOS", "Sin fondos", True)


def test_pagar_dos_veces_la_misma_clave_paga_una_sola_vez() -> None:
    with Proveedor() as proveedor:
        procesador = ProcesadorHttp(proveedor.url)
        assert procesador.pagar(SOLICITUD) == procesador.pagar(SOLICITUD) == CONFIRMADA
        assert list(proveedor.pagados) == ["payout-1:2"]


def test_preguntar_por_un_pago_hecho_no_lo_ordena_otra_vez() -> None:
    with Proveedor() as proveedor:
        procesador = ProcesadorHttp(proveedor.url)
        procesador.pagar(SOLICITUD)
        assert procesador.consultar(SOLICITUD) == CONFIRMADA
        assert [pedido.metodo for pedido in proveedor.pedidos] == ["POST", "GET"]


def test_un_pago_que_el_proveedor_nunca_recibio_se_ordena_con_la_misma_clave() -> None:
    with Proveedor() as proveedor:
        assert ProcesadorHttp(proveedor.url).consultar(SOLICITUD) == CONFIRMADA
        assert [(pedido.metodo, pedido.clave) for pedido in proveedor.pedidos] == [
            ("GET", "payout-1:2"),
            ("POST", "payout-1:2"),
        ]


def test_lo_que_sigue_en_proceso_es_desconocido_hasta_que_se_sabe() -> None:
    def en_proceso(_: Pedido, honesta: Contestacion) -> Contestacion:
        return replace(honesta, cuerpo={**honesta.cuerpo, "estado": "EN_PROCESO"}, estado=202)

    with Proveedor(en_proceso) as proveedor:
        procesador = ProcesadorHttp(proveedor.url)
        assert procesador.pagar(SOLICITUD) == SinRespuesta()
        proveedor.libreto = lambda _, honesta: honesta
        assert procesador.consultar(SOLICITUD) == CONFIRMADA


MENTIRAS: dict[str, dict[str, Any]] = {
    "otra clave": {"clave": "payout-2:1"},
    "la clave de otro intento": {"clave": "payout-1:1"},
    "otro monto": {"monto": {"valor": "1250.51", "moneda": "USD"}},
    "otra moneda": {"monto": {"valor": "1250.50", "moneda": "EUR"}},
    "un monto que es un número": {"monto": {"valor": 1250.5, "moneda": "USD"}},
    "sin comprobante": {"confirmation_id": None},
    "un comprobante vacío": {"confirmation_id": " "},
    "una fecha sin zona": {"completed_at": "2026-01-02T03:04:05"},
    "una fecha que no lo es": {"completed_at": "ayer"},
    "una fecha que en UTC no existe": {"completed_at": "0001-01-01T00:00:00+14:00"},
    "un comprobante con caracteres de control": {"confirmation_id": "TX\x00"},
    "un estado inventado": {"estado": "PAGADO"},
    "un código inventado": {"estado": "RECHAZADO", "codigo": "PORQUE_SI", "motivo": "x", "definitivo": True},
}


@pytest.mark.parametrize("mentira", MENTIRAS.values(), ids=MENTIRAS)
def test_a_un_proveedor_que_miente_no_se_le_cree(mentira: dict[str, Any]) -> None:
    def miente(_: Pedido, honesta: Contestacion) -> Contestacion:
        return replace(honesta, cuerpo={**honesta.cuerpo, **mentira})

    with Proveedor(miente) as proveedor:
        assert ProcesadorHttp(proveedor.url).pagar(SOLICITUD) == SinRespuesta()


BASURA = {
    "vacío": b"",
    "no es JSON": b"<html>OK</html>",
    "no es UTF-8": b'{"clave": "\xff"}',
    "una lista": b"[]",
    "cortado": b'{"clave": "payout-1:2", "mon',
    "anidado sin fin": b'{"x":' + b"[" * 50_000,
    "un mebibyte": b" " * 2**20,
}


@pytest.mark.parametrize("basura", BASURA.values(), ids=BASURA)
def test_la_basura_con_200_no_dice_nada_del_dinero(basura: bytes) -> None:
    with Proveedor(lambda _, honesta: replace(honesta, cuerpo=basura)) as proveedor:
        assert ProcesadorHttp(proveedor.url).pagar(SOLICITUD) == SinRespuesta()


@pytest.mark.parametrize("estado", [204, 400, 404, 409, 500, 503])
def test_un_error_del_proveedor_no_es_un_pago_fallido(estado: int) -> None:
    with Proveedor(lambda _, honesta: replace(honesta, estado=estado)) as proveedor:
        assert ProcesadorHttp(proveedor.url).pagar(SOLICITUD) == SinRespuesta()
        assert len(proveedor.pedidos) == 1, "una orden que pudo llegar no se repite sola"


def test_una_redireccion_no_se_sigue() -> None:
    with Proveedor() as otro:

        def desvia(_: Pedido, honesta: Contestacion) -> Contestacion:
            return replace(honesta, estado=307, cabeceras={"Location": f"{otro.url}pagos"})

        with Proveedor(desvia) as proveedor:
            assert ProcesadorHttp(proveedor.url).pagar(SOLICITUD) == SinRespuesta()
        assert otro.pedidos == []


@pytest.mark.parametrize("lentitud", ["muda", "goteo"])
def test_el_plazo_es_del_total_aunque_el_proveedor_gotee(lentitud: str) -> None:
    with Proveedor(lambda _, honesta: replace(honesta, **{lentitud: True})) as proveedor:  # type: ignore[arg-type]
        procesador = ProcesadorHttp(proveedor.url, plazo=0.3)
        assert en_menos_de(2, lambda: procesador.pagar(SOLICITUD)) == SinRespuesta()


def test_un_proveedor_apagado_no_es_un_pago_fallido() -> None:
    with socket.socket() as reservado:
        reservado.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{reservado.getsockname()[1]}"
        assert ProcesadorHttp(url).pagar(SOLICITUD) == SinRespuesta()


def test_lo_que_se_anota_de_un_proveedor_apagado_no_dice_a_quien_ni_como_se_paga() -> None:
    with socket.socket() as reservado, capture_logs() as anotado:
        reservado.bind(("127.0.0.1", 0))
        ProcesadorHttp(f"http://127.0.0.1:{reservado.getsockname()[1]}").pagar(SOLICITUD)
    assert [linea["event"] for linea in anotado].count("stamina.retry_scheduled") == 2
    assert "PARTNER" not in str(anotado)
    assert "****" not in str(anotado)
