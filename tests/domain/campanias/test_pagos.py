"""What a linked payment does to a campaign when it is confirmed, and when it falls."""

import pytest

from domain.campanias.agregado import Campania
from domain.campanias.estado import FINALES, VIGENTES, Estado
from tests.domain.campanias.ejemplos import APROBADA, PAGO, en
from tests.domain.especificacion import Especificacion, Hecho, hecho

OTRO = "payout-9"
ASOCIADO = hecho(Campania.PagoAsociado, payout_id=OTRO)
DESASOCIADO = hecho(Campania.PagoDesasociado, payout_id=OTRO, motivo="fraude")


def cancelada_por(payout_id: str) -> Hecho:
    return hecho(Campania.Cancelada, motivo="fraude", payout_id=payout_id)


def ignorado(payout_id: str, que: str) -> Hecho:
    return hecho(Campania.PagoIgnorado, payout_id=payout_id, hecho=que)


def confirmar(historia: list[Hecho], payout_id: str) -> Especificacion[Campania]:
    return Especificacion(Campania).dado(*historia).cuando(lambda campania: campania.asociar_pago(payout_id))


def tumbar(historia: list[Hecho], payout_id: str) -> Especificacion[Campania]:
    return (
        Especificacion(Campania).dado(*historia).cuando(lambda campania: campania.desasociar_pago(payout_id, "fraude"))
    )


def test_el_primer_pago_confirmado_aprueba() -> None:
    confirmar(en(Estado.PENDIENTE), PAGO).entonces(APROBADA)


@pytest.mark.parametrize("estado", sorted(VIGENTES))
def test_otro_pago_confirmado_se_asocia(estado: Estado) -> None:
    confirmar(en(estado), OTRO).entonces(ASOCIADO)


@pytest.mark.parametrize("estado", sorted(VIGENTES | {Estado.FINALIZADA}))
def test_un_pago_confirmado_dos_veces_se_cuenta_una(estado: Estado) -> None:
    confirmar(en(estado), PAGO).entonces_nada()


@pytest.mark.parametrize("estado", sorted(VIGENTES))
def test_si_cae_un_pago_y_queda_otro_la_campania_sigue(estado: Estado) -> None:
    tumbar([*en(estado), ASOCIADO], OTRO).entonces(DESASOCIADO)


@pytest.mark.parametrize("estado", sorted(VIGENTES))
def test_si_cae_un_pago_que_nunca_se_confirmo_y_queda_otro_la_campania_sigue(estado: Estado) -> None:
    tumbar(en(estado), OTRO).entonces(DESASOCIADO)


@pytest.mark.parametrize("estado", sorted(VIGENTES))
def test_si_cae_el_unico_pago_la_campania_se_cancela(estado: Estado) -> None:
    tumbar(en(estado), PAGO).entonces(cancelada_por(PAGO))


def test_si_cae_un_pago_antes_de_confirmarse_la_campania_pendiente_se_cancela() -> None:
    tumbar(en(Estado.PENDIENTE), PAGO).entonces(cancelada_por(PAGO))


def test_si_caen_los_dos_pagos_la_campania_se_cancela() -> None:
    tumbar([*en(Estado.ACTIVA), ASOCIADO, DESASOCIADO], PAGO).entonces(cancelada_por(PAGO))


@pytest.mark.parametrize("historia", [[*en(Estado.ACTIVA), ASOCIADO], en(Estado.ACTIVA)])
def test_un_pago_que_cayo_una_vez_no_vuelve_a_contar(historia: list[Hecho]) -> None:
    caido = [*historia, DESASOCIADO]

    confirmar(caido, OTRO).entonces_nada()
    tumbar(caido, OTRO).entonces_nada()
    tumbar(caido, PAGO).entonces(cancelada_por(PAGO))


def test_la_caida_que_cancelo_no_se_cuenta_otra_vez() -> None:
    tumbar([*en(Estado.ACTIVA), cancelada_por(PAGO)], PAGO).entonces_nada()


@pytest.mark.parametrize("estado", sorted(FINALES))
def test_lo_que_llega_al_final_se_anota_una_vez_y_no_cambia_nada(estado: Estado) -> None:
    confirmar(en(estado), OTRO).entonces(ignorado(OTRO, "confirmado"))
    confirmar([*en(estado), ignorado(OTRO, "confirmado")], OTRO).entonces_nada()
    tumbar([*en(estado), ignorado(OTRO, "confirmado")], OTRO).entonces(ignorado(OTRO, "caido"))
    tumbar([*en(estado), ignorado(OTRO, "caido")], OTRO).entonces_nada()


def test_la_confirmacion_que_llega_despues_de_la_caida_que_cancelo_se_ignora() -> None:
    confirmar([*en(Estado.PENDIENTE), cancelada_por(PAGO)], PAGO).entonces(ignorado(PAGO, "confirmado"))
