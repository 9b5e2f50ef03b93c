"""What may be asked of a payout, in each of its states."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from domain.base.errores import ErrorDeDominio, TransicionIlegal
from domain.base.fechas import CompletadoAntesDeProcesado, FechaEnElFuturo
from domain.base.texto import CampoRequerido, NumeroDeTarjeta
from domain.pagos.agregado import Payout
from domain.pagos.errores import CodigoDesconocido, FalloDefinitivo, PagoYaConfirmado, PagoYaFallido
from tests.domain.especificacion import AHORA, Especificacion, Hecho
from tests.domain.pagos.historia import (
    CANCELADO,
    CANCELADO_YA,
    COMISION_REVERTIDA,
    COMPLETADO,
    COMPLETADO_EN,
    DESCONOCIDO,
    EN_EL_TERCER_INTENTO,
    FALLIDO,
    FALLIDO_DEFINITIVO,
    PENDIENTE,
    PROCESADO_EN,
    PROCESANDO,
    REVERTIDO,
    REVERTIDO_YA,
    confirmado,
    fallido,
    procesado,
    reintentado,
)

Verbo = Callable[[Payout], None]


def procesar(payout: Payout) -> None:
    payout.procesar(AHORA)


def confirmar(confirmation_id: str = "CONF-1", completed_at: Any = COMPLETADO_EN) -> Verbo:
    return lambda payout: payout.confirmar(confirmation_id, completed_at, AHORA)


def fallar(codigo: str = "TECNICO", motivo: str = "sin línea", definitivo: bool = False) -> Verbo:
    return lambda payout: payout.fallar(codigo, motivo, definitivo, AHORA)


def revertir(payout: Payout) -> None:
    payout.revertir("error")


def cancelar(payout: Payout) -> None:
    payout.cancelar("ya no")


@pytest.mark.parametrize(
    ("historia", "verbo", "hechos"),
    [
        (PENDIENTE, procesar, [procesado(1, AHORA)]),
        (PROCESANDO, confirmar(), [confirmado()]),
        ([*PROCESANDO, DESCONOCIDO], confirmar(), [confirmado()]),
        (PENDIENTE, fallar(), [fallido()]),
        (PROCESANDO, fallar(), [fallido()]),
        ([*PROCESANDO, DESCONOCIDO], fallar(), [fallido()]),
        (PROCESANDO, fallar("FONDOS", definitivo=True), [fallido("FONDOS", definitivo=True), COMISION_REVERTIDA]),
        (EN_EL_TERCER_INTENTO, fallar(), [fallido(definitivo=True), COMISION_REVERTIDA]),
        (PROCESANDO, Payout.desconocer, [DESCONOCIDO]),
        (FALLIDO, Payout.reintentar, [reintentado(2)]),
        ([*FALLIDO, reintentado(2)], procesar, [procesado(2, AHORA)]),
        ([*FALLIDO, reintentado(2)], cancelar, [CANCELADO, COMISION_REVERTIDA]),
        (COMPLETADO, revertir, [REVERTIDO, COMISION_REVERTIDA]),
        (PENDIENTE, cancelar, [CANCELADO, COMISION_REVERTIDA]),
    ],
)
def test_toda_transicion_de_la_tabla_ocurre(historia: list[Hecho], verbo: Verbo, hechos: list[Hecho]) -> None:
    Especificacion(Payout).dado(*historia).cuando(verbo).entonces(*hechos)


@pytest.mark.parametrize(
    ("historia", "verbo"),
    [
        (PROCESANDO, procesar),
        (COMPLETADO, confirmar()),
        (FALLIDO, fallar(motivo="contado de otro modo")),
        (FALLIDO_DEFINITIVO, fallar("FONDOS", definitivo=True)),
        ([*EN_EL_TERCER_INTENTO, fallido(definitivo=True), COMISION_REVERTIDA], fallar()),
        ([*PROCESANDO, DESCONOCIDO], Payout.desconocer),
        ([*FALLIDO, reintentado(2)], Payout.reintentar),
        (REVERTIDO_YA, revertir),
        (CANCELADO_YA, cancelar),
    ],
)
def test_lo_mismo_dicho_dos_veces_no_cambia_nada(historia: list[Hecho], verbo: Verbo) -> None:
    Especificacion(Payout).dado(*historia).cuando(verbo).entonces_nada()


@pytest.mark.parametrize(
    ("historia", "verbo", "error"),
    [
        (COMPLETADO, confirmar("CONF-2"), PagoYaConfirmado),
        (COMPLETADO, confirmar(completed_at=COMPLETADO_EN + timedelta(seconds=1)), PagoYaConfirmado),
        (FALLIDO, fallar("CUENTA"), PagoYaFallido),
        (FALLIDO, fallar(definitivo=True), PagoYaFallido),
        (FALLIDO_DEFINITIVO, fallar("FONDOS"), PagoYaFallido),
    ],
)
def test_lo_mismo_con_otros_datos_se_rechaza(historia: list[Hecho], verbo: Verbo, error: type[ErrorDeDominio]) -> None:
    Especificacion(Payout).dado(*historia).cuando(verbo).falla(error)


@pytest.mark.parametrize(
    ("verbo", "historias"),
    [
        (procesar, [COMPLETADO, FALLIDO, REVERTIDO_YA, CANCELADO_YA]),
        (confirmar(), [PENDIENTE, FALLIDO, REVERTIDO_YA, CANCELADO_YA]),
        (fallar(), [COMPLETADO, REVERTIDO_YA, CANCELADO_YA]),
        (Payout.desconocer, [PENDIENTE, COMPLETADO, FALLIDO, REVERTIDO_YA, CANCELADO_YA]),
        (Payout.reintentar, [PROCESANDO, COMPLETADO, REVERTIDO_YA, CANCELADO_YA]),
        (revertir, [PENDIENTE, PROCESANDO, FALLIDO, CANCELADO_YA]),
        (cancelar, [PROCESANDO, COMPLETADO, FALLIDO, REVERTIDO_YA]),
    ],
)
def test_cualquier_otra_transicion_se_rechaza(verbo: Verbo, historias: list[list[Hecho]]) -> None:
    for historia in historias:
        Especificacion(Payout).dado(*historia).cuando(verbo).falla(TransicionIlegal)


def test_un_fallo_definitivo_no_se_reintenta() -> None:
    Especificacion(Payout).dado(*FALLIDO_DEFINITIVO).cuando(Payout.reintentar).falla(FalloDefinitivo)


@pytest.mark.parametrize(
    ("completed_at", "error"),
    [
        (PROCESADO_EN - timedelta(seconds=1), CompletadoAntesDeProcesado),
        (AHORA + timedelta(minutes=6), FechaEnElFuturo),
    ],
)
def test_un_pago_no_se_completa_antes_de_procesarse_ni_en_el_futuro(
    completed_at: Any, error: type[ErrorDeDominio]
) -> None:
    Especificacion(Payout).dado(*PROCESANDO).cuando(confirmar(completed_at=completed_at)).falla(error)


def test_si_nadie_dijo_cuando_se_proceso_vale_cuando_se_completo() -> None:
    (Especificacion(Payout).dado(*PENDIENTE, procesado(processed_at=None)).cuando(confirmar()).entonces(confirmado()))


@pytest.mark.parametrize("codigo", ["", "tecnico", "OTRO"])
def test_el_codigo_de_un_fallo_es_del_catalogo(codigo: str) -> None:
    Especificacion(Payout).dado(*PROCESANDO).cuando(fallar(codigo)).falla(CodigoDesconocido)


@pytest.mark.parametrize(("motivo", "error"), [(" ", CampoRequerido), ("4111 1111 1111 1111", NumeroDeTarjeta)])
def test_todo_motivo_se_dice_y_no_lleva_tarjetas(motivo: str, error: type[ErrorDeDominio]) -> None:
    Especificacion(Payout).dado(*PROCESANDO).cuando(fallar(motivo=motivo)).falla(error)
    Especificacion(Payout).dado(*COMPLETADO).cuando(lambda payout: payout.revertir(motivo)).falla(error)
    Especificacion(Payout).dado(*PENDIENTE).cuando(lambda payout: payout.cancelar(motivo)).falla(error)
