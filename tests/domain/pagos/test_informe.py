"""What the body of a payment means: the six rows of the table, and what it refuses."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.base.dinero import DemasiadosDecimales, MonedaDesconocida, MontoNoPositivo
from domain.base.errores import ErrorDeDominio
from domain.base.fechas import CompletadoAntesDeProcesado, FechaEnElFuturo
from domain.base.texto import CampoRequerido, CaracteresInvalidos, IdentificadorInvalido, NumeroDeTarjeta
from domain.base.valores import MascaraReveladora
from domain.pagos.agregado import Payout
from domain.pagos.errores import CompletadoSinConfirmacion, FalloConConfirmacion
from tests.domain.especificacion import AHORA, Especificacion, Hecho, hecho
from tests.domain.pagos.historia import (
    COMISION,
    COMISION_REVERTIDA,
    COMPLETADO_EN,
    CREADO,
    CREADO_CON,
    PROCESADO_EN,
    confirmado,
    crear,
    fallido,
    procesado,
)


def cuenta(*hechos: Hecho, **datos: Any) -> None:
    """The body tells these facts, after a payout that was created with them and its commission."""
    contado = {dato: valor for dato, valor in datos.items() if dato in CREADO_CON}
    creado = hecho(Payout.Creado, **CREADO_CON | contado | {"reportado": True})
    Especificacion(Payout).cuando(lambda _: crear(**datos)).entonces(creado, COMISION, *hechos)


def test_sin_confirmacion_ni_fechas_queda_pendiente_y_nadie_lo_reporto() -> None:
    Especificacion(Payout).cuando(lambda _: crear()).entonces(CREADO, COMISION)


def test_solo_con_processed_at_queda_procesando() -> None:
    cuenta(procesado(), processed_at=PROCESADO_EN)


def test_con_confirmacion_y_sin_completed_at_queda_procesando_sin_inventar_la_hora() -> None:
    cuenta(procesado(processed_at=None), confirmation_id="CONF-1")
    cuenta(procesado(), confirmation_id="CONF-1", processed_at=PROCESADO_EN)


def test_con_confirmacion_y_completed_at_queda_completado() -> None:
    datos = {"confirmation_id": "CONF-1", "processed_at": PROCESADO_EN, "completed_at": COMPLETADO_EN}
    cuenta(procesado(), confirmado(), **datos)


def test_un_processed_at_que_falta_es_el_completed_at() -> None:
    datos = {"confirmation_id": "CONF-1", "completed_at": COMPLETADO_EN}
    cuenta(procesado(processed_at=COMPLETADO_EN), confirmado(), **datos)


def test_un_fallo_reportado_es_definitivo() -> None:
    cuenta(fallido("REPORTADO", "sin fondos", True), COMISION_REVERTIDA, failure_reason="sin fondos")
    cuenta(
        procesado(),
        fallido("REPORTADO", "sin fondos", True),
        COMISION_REVERTIDA,
        failure_reason="sin fondos",
        processed_at=PROCESADO_EN,
    )


@pytest.mark.parametrize(
    ("datos", "error"),
    [
        ({"completed_at": COMPLETADO_EN}, CompletadoSinConfirmacion),
        ({"completed_at": COMPLETADO_EN, "failure_reason": "x"}, CompletadoSinConfirmacion),
        ({"failure_reason": "x", "confirmation_id": "C"}, FalloConConfirmacion),
        ({"failure_reason": "tarjeta 4111111111111111"}, NumeroDeTarjeta),
        ({"failure_reason": " "}, CampoRequerido),
        ({"confirmation_id": ""}, CampoRequerido),
        ({"partner_id": " "}, CampoRequerido),
        ({"cycle_id": ""}, CampoRequerido),
        ({"cycle_id": "a\x00"}, CaracteresInvalidos),
        ({"payment_method_mask": "4111111111111111"}, MascaraReveladora),
        ({"cliente_id": "a b"}, IdentificadorInvalido),
        ({"campania_id": "espera:x"}, IdentificadorInvalido),
        ({"total_amount": Decimal(0)}, MontoNoPositivo),
        ({"total_amount": Decimal("1.001")}, DemasiadosDecimales),
        ({"currency": "???"}, MonedaDesconocida),
        ({"processed_at": AHORA + timedelta(minutes=6)}, FechaEnElFuturo),
        ({"confirmation_id": "C", "completed_at": AHORA + timedelta(minutes=6)}, FechaEnElFuturo),
        (
            {"confirmation_id": "C", "processed_at": COMPLETADO_EN, "completed_at": PROCESADO_EN},
            CompletadoAntesDeProcesado,
        ),
    ],
)
def test_un_cuerpo_que_se_contradice_o_no_vale_se_rechaza(datos: dict[str, Any], error: type[ErrorDeDominio]) -> None:
    Especificacion(Payout).cuando(lambda _: crear(**datos)).falla(error)


@pytest.mark.parametrize(
    ("datos", "campania"),
    [
        ({"campania_id": "CAMP001"}, "CAMP001"),
        ({}, "CYCLE-2026-02"),
        ({"cycle_id": "ciclo de febrero"}, None),
        ({"cycle_id": "c" * 65}, None),
    ],
)
def test_la_campania_es_la_dicha_o_el_ciclo_si_puede_ser_un_id(datos: dict[str, Any], campania: str | None) -> None:
    (
        Especificacion(Payout)
        .cuando(lambda _: crear(**datos, failure_reason="sin fondos"))
        .entonces(
            hecho(Payout.Creado, **CREADO_CON | datos | {"reportado": True}),
            COMISION,
            hecho(
                Payout.Fallido,
                codigo="REPORTADO",
                motivo="sin fondos",
                definitivo=True,
                failed_at=AHORA,
                campania=campania,
            ),
            COMISION_REVERTIDA,
        )
    )
