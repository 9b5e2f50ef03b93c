"""Spending within a budget, and moving the budget."""

from decimal import Decimal

import pytest

from domain.base.dinero import Dinero, MonedasDistintas
from domain.base.errores import TransicionIlegal
from domain.base.texto import CampoRequerido
from domain.campanias.agregado import Campania
from domain.campanias.errores import GastoConOtrosDatos, PresupuestoExcedido, PresupuestoMenorQueElGasto, SinPresupuesto
from domain.campanias.estado import EMPEZADAS, FINALES, NO_FINALES, Estado
from tests.domain.campanias.ejemplos import en, gastado, usd
from tests.domain.especificacion import Especificacion, Hecho, hecho

YENES = Dinero.de(Decimal(500), "JPY")
GASTADO_600 = [*en(Estado.ACTIVA), gastado("g-1", "600")]


def ajustado(valor: str) -> Hecho:
    return hecho(Campania.PresupuestoAjustado, presupuesto=usd(valor))


def gastar(historia: list[Hecho], gasto_id: str, monto: Dinero) -> Especificacion[Campania]:
    especificacion = Especificacion(Campania).dado(*historia)
    return especificacion.cuando(lambda campania: campania.registrar_gasto(gasto_id, monto))


def ajustar(historia: list[Hecho], presupuesto: Dinero) -> Especificacion[Campania]:
    especificacion = Especificacion(Campania).dado(*historia)
    return especificacion.cuando(lambda campania: campania.ajustar_presupuesto(presupuesto))


@pytest.mark.parametrize("estado", sorted(EMPEZADAS))
def test_se_gasta_mientras_esta_empezada(estado: Estado) -> None:
    gastar(en(estado), "g-1", usd("999.99")).entonces(gastado("g-1", "999.99"))


@pytest.mark.parametrize("estado", sorted(frozenset(Estado) - EMPEZADAS))
def test_no_se_gasta_antes_ni_despues(estado: Estado) -> None:
    gastar(en(estado), "g-1", usd("1")).falla(TransicionIlegal)


def test_se_gasta_hasta_el_ultimo_centavo() -> None:
    gastar(GASTADO_600, "g-2", usd("400")).entonces(gastado("g-2", "400"))


def test_no_se_gasta_mas_que_el_presupuesto() -> None:
    gastar(GASTADO_600, "g-2", usd("400.01")).falla(PresupuestoExcedido)


def test_no_se_gasta_sin_presupuesto() -> None:
    gastar(en(Estado.ACTIVA, presupuesto=None, moneda="USD"), "g-1", usd("1")).falla(SinPresupuesto)


@pytest.mark.parametrize("historia", [en(Estado.ACTIVA), GASTADO_600])
def test_no_se_gasta_en_otra_moneda(historia: list[Hecho]) -> None:
    gastar(historia, "g-2", YENES).falla(MonedasDistintas)


def test_un_gasto_necesita_un_id() -> None:
    gastar(en(Estado.ACTIVA), " ", usd("1")).falla(CampoRequerido)


def test_el_mismo_gasto_dos_veces_se_cuenta_una() -> None:
    gastar(GASTADO_600, "g-1", usd("600")).entonces_nada()


def test_un_gasto_repetido_es_un_exito_aunque_la_campania_haya_terminado() -> None:
    gastar([*GASTADO_600, hecho(Campania.Finalizada)], "g-1", usd("600")).entonces_nada()


@pytest.mark.parametrize("monto", [usd("601"), YENES])
def test_el_mismo_gasto_con_otro_monto_se_niega(monto: Dinero) -> None:
    gastar(GASTADO_600, "g-1", monto).falla(GastoConOtrosDatos)


@pytest.mark.parametrize("estado", sorted(NO_FINALES))
def test_el_presupuesto_se_ajusta_mientras_no_termine(estado: Estado) -> None:
    ajustar(en(estado), usd("1500")).entonces(ajustado("1500"))


@pytest.mark.parametrize("estado", sorted(FINALES))
def test_el_presupuesto_de_una_campania_terminada_no_se_ajusta(estado: Estado) -> None:
    ajustar(en(estado), usd("1500")).falla(TransicionIlegal)


@pytest.mark.parametrize("estado", sorted(Estado))
def test_ajustar_al_mismo_presupuesto_no_dice_nada_nuevo(estado: Estado) -> None:
    ajustar(en(estado), usd("1000")).entonces_nada()


def test_el_presupuesto_baja_hasta_lo_gastado() -> None:
    ajustar(GASTADO_600, usd("600")).entonces(ajustado("600"))


def test_el_presupuesto_no_baja_de_lo_gastado() -> None:
    ajustar(GASTADO_600, usd("599.99")).falla(PresupuestoMenorQueElGasto)


@pytest.mark.parametrize("presupuesto", [usd("1000"), None])
def test_el_presupuesto_no_cambia_de_moneda(presupuesto: Dinero | None) -> None:
    ajustar(en(Estado.ACTIVA, presupuesto=presupuesto, moneda="USD"), YENES).falla(MonedasDistintas)


def test_una_campania_sin_moneda_toma_la_de_su_primer_presupuesto() -> None:
    historia = en(Estado.ACTIVA, presupuesto=None, moneda=None)

    ajustar(historia, usd("5")).entonces(ajustado("5"))
    ajustar([*historia, ajustado("5")], YENES).falla(MonedasDistintas)
