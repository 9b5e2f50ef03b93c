"""The use cases of Pagos: one save each, each report once, each confirmation of a partner once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain.base.contexto import Contexto
from domain.base.errores import ErrorDeDominio, TransicionIlegal, VersionDistinta
from domain.base.texto import CampoRequerido, IdentificadorInvalido
from domain.pagos.agregado import Payout
from domain.pagos.aplicacion import Pagos
from domain.pagos.comandos import (
    CancelarPago,
    ConfirmarPago,
    FallarPago,
    MarcarResultadoDesconocido,
    ProcesarPago,
    ReintentarPago,
    RevertirPago,
)
from domain.pagos.errores import (
    ConfirmacionYaUsada,
    PartnerNoEncontrado,
    PayoutNoEncontrado,
    PayoutYaExiste,
)
from domain.pagos.estado import Estado
from tests.domain.especificacion import AHORA
from tests.domain.memoria import en_memoria, huella_clara, reloj_parado
from tests.domain.pagos.historia import COMPLETADO_EN, PROCESADO_EN, cuantos, estado, orden

REPORTADO: dict[str, Any] = {
    "confirmation_id": "CONF-1",
    "processed_at": PROCESADO_EN,
    "completed_at": COMPLETADO_EN,
    "payment_method_mask": "****1234",
}


def test_un_reporte_se_guarda_entero_de_una_vez(pagos: Pagos) -> None:
    posicion = pagos.ejecutar(orden("payout-1", **REPORTADO))
    assert (posicion.id, posicion.version, int(posicion)) == ("payout-1", 4, 5)
    assert estado(pagos, "payout-1") is Estado.COMPLETADO


def test_el_mismo_reporte_responde_con_el_primer_payout(pagos: Pagos) -> None:
    primera = pagos.ejecutar(orden("payout-1", **REPORTADO))
    repetida = pagos.ejecutar(orden("payout-2", **REPORTADO, currency="usd", cycle_id=" CYCLE-2026-02 "))
    assert (repetida, repetida.id, repetida.version) == (primera, "payout-1", 4)
    assert pagos.buscar(Payout, "payout-2") is None
    assert cuantos(pagos) == 5


def test_el_mismo_reporte_se_reconoce_aunque_el_pago_siguiera_su_camino(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1", confirmation_id="CONF-1"))
    confirmada = pagos.ejecutar(ConfirmarPago("payout-1", "CONF-1", COMPLETADO_EN))
    assert pagos.ejecutar(orden("payout-2", confirmation_id="CONF-1")) == confirmada


@pytest.mark.parametrize(
    "otro",
    [
        {"total_amount": Decimal(1251)},
        {"cycle_id": "OTRO"},
        {"payment_method_mask": None},
        {"completed_at": None},
        {"processed_at": None},
        {"cliente_id": "ana"},
        {"campania_id": "CAMP001"},
    ],
)
def test_la_misma_confirmacion_con_otros_datos_se_rechaza(pagos: Pagos, otro: dict[str, Any]) -> None:
    pagos.ejecutar(orden("payout-1", **REPORTADO))
    with pytest.raises(ConfirmacionYaUsada):
        pagos.ejecutar(replace(orden("payout-2", **REPORTADO), **otro))
    assert cuantos(pagos) == 5


def test_cada_partner_tiene_sus_confirmaciones(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1", **REPORTADO))
    assert pagos.ejecutar(orden("payout-2", **REPORTADO, partner_id="PARTNER002")).id == "payout-2"


def test_dos_parejas_distintas_no_se_confunden(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1", partner_id="A|B", confirmation_id="C"))
    assert pagos.ejecutar(orden("payout-2", partner_id="A", confirmation_id="B|C")).id == "payout-2"


def test_sin_confirmacion_dos_pagos_iguales_son_dos_pagos(pagos: Pagos) -> None:
    assert pagos.ejecutar(orden("payout-1")).id == "payout-1"
    assert pagos.ejecutar(orden("payout-2")).id == "payout-2"


def test_el_mismo_id_con_el_mismo_cuerpo_es_el_mismo_pago_y_con_otro_se_rechaza(pagos: Pagos) -> None:
    primera = pagos.ejecutar(orden("payout-1"))
    assert pagos.ejecutar(orden("payout-1")) == primera
    with pytest.raises(PayoutYaExiste):
        pagos.ejecutar(orden("payout-1", cycle_id="OTRO"))


def test_un_pago_se_confirma_con_una_confirmacion_que_nadie_uso(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1", **REPORTADO))
    pagos.ejecutar(orden("payout-2", processed_at=PROCESADO_EN))
    with pytest.raises(ConfirmacionYaUsada):
        pagos.ejecutar(ConfirmarPago("payout-2", "CONF-1", COMPLETADO_EN))
    with pytest.raises(CampoRequerido):
        pagos.ejecutar(ConfirmarPago("payout-2", " ", COMPLETADO_EN))
    confirmada = pagos.ejecutar(ConfirmarPago("payout-2", " CONF-2 ", COMPLETADO_EN))
    assert pagos.ejecutar(ConfirmarPago("payout-2", "CONF-2", COMPLETADO_EN)) == confirmada
    with pytest.raises(ConfirmacionYaUsada):
        pagos.ejecutar(orden("payout-3", confirmation_id="CONF-2"))


@pytest.mark.parametrize(
    ("cuerpo", "error"),
    [(orden("payout-1", partner_id="DESCONOCIDO"), PartnerNoEncontrado), (orden("payout:1"), IdentificadorInvalido)],
)
def test_un_pago_que_se_rechaza_no_guarda_nada(pagos: Pagos, cuerpo: Any, error: type[ErrorDeDominio]) -> None:
    with pytest.raises(error):
        pagos.ejecutar(cuerpo)
    assert cuantos(pagos) == 0


def test_el_camino_de_un_pago_que_falla_se_reintenta_se_paga_y_se_revierte(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1"))
    pasos: list[tuple[Any, Estado]] = [
        (ProcesarPago("payout-1"), Estado.PROCESANDO),
        (MarcarResultadoDesconocido("payout-1"), Estado.PROCESANDO),
        (FallarPago("payout-1", "TECNICO", "sin línea"), Estado.FALLIDO),
        (ReintentarPago("payout-1"), Estado.PENDIENTE),
        (ProcesarPago("payout-1"), Estado.PROCESANDO),
        (ConfirmarPago("payout-1", "SIM-1", AHORA), Estado.COMPLETADO),
        (RevertirPago("payout-1", "error"), Estado.REVERTIDO),
    ]
    for paso, queda in pasos:
        assert pagos.ejecutar(paso) == pagos.ejecutar(paso) == cuantos(pagos)
        assert estado(pagos, "payout-1") is queda


def test_un_pago_pendiente_se_cancela(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1"))
    assert pagos.ejecutar(CancelarPago("payout-1", "ya no")).version == 4
    with pytest.raises(TransicionIlegal, match="No se puede procesar en estado CANCELADO"):
        pagos.ejecutar(ProcesarPago("payout-1"))


@pytest.mark.parametrize(
    "paso",
    [
        ProcesarPago("payout-9"),
        ConfirmarPago("payout-9", "CONF-1", COMPLETADO_EN),
        FallarPago("payout-9", "TECNICO", "x"),
        MarcarResultadoDesconocido("payout-9"),
        ReintentarPago("payout-9"),
        RevertirPago("payout-9", "x"),
        CancelarPago("payout-9", "x"),
    ],
)
def test_a_un_payout_que_no_existe_no_se_le_pide_nada(pagos: Pagos, paso: Any) -> None:
    with pytest.raises(PayoutNoEncontrado, match="Payout no encontrado"):
        pagos.ejecutar(paso)


def test_quien_espera_otra_version_no_manda(pagos: Pagos) -> None:
    pagos.ejecutar(orden("payout-1"))
    with pytest.raises(VersionDistinta):
        pagos.ejecutar(ProcesarPago("payout-1"), Contexto(ahora=AHORA, version_esperada=1))


def test_el_mismo_reporte_de_un_partner_que_ya_no_se_admite_responde_con_el_primer_payout() -> None:
    admitidos = {"PARTNER001"}
    pagos = Pagos(en_memoria, reloj_parado(AHORA), huella=huella_clara, partner_admitido=admitidos.__contains__)
    primera = pagos.ejecutar(orden("payout-1", **REPORTADO))
    admitidos.clear()
    assert pagos.ejecutar(orden("payout-2", **REPORTADO)).id == primera.id
    with pytest.raises(PartnerNoEncontrado):
        pagos.ejecutar(orden("payout-3", **{**REPORTADO, "confirmation_id": "CONF-2"}))
    assert cuantos(pagos) == 5
