"""Whatever is asked of a payout, in whatever order: it is refused or reads back the same, and its lines add up."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base.dinero import MAXIMO, Dinero
from domain.base.monedas import DECIMALES
from domain.pagos.agregado import Payout
from domain.pagos.comision import POLITICA_VIGENTE, PoliticaDeComision
from domain.pagos.estado import CodigoDeFallo, Estado
from domain.pagos.reintentos import ESPERAS, INTENTOS, espera_tras
from tests.domain.especificacion import AHORA, exigir_rechazo_o_relectura
from tests.domain.pagos.historia import COMPLETADO_EN, PROCESADO_EN, crear

SIN_COMISION = {Estado.CANCELADO, Estado.REVERTIDO}
dineros = st.builds(Dinero, st.integers(1, MAXIMO), st.sampled_from(sorted(DECIMALES)))
momentos = st.sampled_from([PROCESADO_EN, COMPLETADO_EN, AHORA, AHORA + timedelta(hours=1)])
cuerpos: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"processed_at": PROCESADO_EN},
        {"confirmation_id": "CONF-1"},
        {"confirmation_id": "CONF-1", "completed_at": COMPLETADO_EN},
        {"failure_reason": "sin fondos"},
    ]
)
verbos: st.SearchStrategy[Callable[[Payout], None]] = st.one_of(
    st.just(lambda payout: payout.procesar(AHORA)),
    st.builds(
        lambda confirmacion, cuando: lambda payout: payout.confirmar(confirmacion, cuando, AHORA),
        st.sampled_from(["CONF-1", "CONF-2"]),
        momentos,
    ),
    st.builds(
        lambda codigo, definitivo: lambda payout: payout.fallar(codigo, "sin línea", definitivo, AHORA),
        st.sampled_from([*CodigoDeFallo.__members__, "OTRO"]),
        st.booleans(),
    ),
    st.just(Payout.desconocer),
    st.just(Payout.reintentar),
    st.builds(lambda motivo: lambda payout: payout.revertir(motivo), st.sampled_from(["error", ""])),
    st.builds(lambda motivo: lambda payout: payout.cancelar(motivo), st.sampled_from(["ya no", ""])),
)


@given(cuerpos, dineros, st.lists(verbos, max_size=25))
def test_toda_secuencia_se_rechaza_o_se_relee_igual_y_sus_lineas_de_comision_cuadran(
    cuerpo: dict[str, Any], monto: Dinero, secuencia: list[Callable[[Payout], None]]
) -> None:
    datos = {**cuerpo, "total_amount": monto.valor, "currency": monto.moneda}
    payout = exigir_rechazo_o_relectura(lambda: crear(**datos), secuencia)
    lineas = [
        evento.comision if isinstance(evento, Payout.ComisionCalculada) else -evento.comision
        for evento in payout.pending_events
        if isinstance(evento, Payout.ComisionCalculada | Payout.ComisionRevertida)
    ]
    assert {linea.moneda for linea in lineas} == {monto.moneda}
    devuelta = payout.estado in SIN_COMISION or payout.definitivo
    assert sum(linea.unidades for linea in lineas) == (0 if devuelta else payout.comision.unidades)
    assert len(lineas) == (2 if devuelta else 1)


@given(st.lists(verbos, max_size=40))
def test_ningun_pago_se_intenta_mas_de_tres_veces(secuencia: list[Callable[[Payout], None]]) -> None:
    payout = exigir_rechazo_o_relectura(crear, secuencia)
    intentos = [evento.intento for evento in payout.pending_events if isinstance(evento, Payout.Procesado)]
    assert intentos == sorted(set(intentos))
    assert payout.fallos <= INTENTOS
    assert (payout.fallos < INTENTOS) or payout.definitivo


@given(dineros)
def test_la_comision_es_el_diez_por_ciento_redondeado_hacia_arriba_desde_la_mitad(base: Dinero) -> None:
    comision = POLITICA_VIGENTE.comision(base)
    assert comision.moneda == base.moneda
    assert Fraction(-1, 2) < comision.unidades - Fraction(base.unidades, 10) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("monto", "moneda", "comision"),
    [
        ("1250.50", "USD", "125.05"),
        ("0.04", "USD", "0.00"),
        ("0.05", "USD", "0.01"),
        ("0.14", "USD", "0.01"),
        ("0.15", "USD", "0.02"),
        ("15", "JPY", "2"),
        ("1.005", "KWD", "0.101"),
    ],
)
def test_la_comision_se_redondea_a_la_unidad_menor_de_su_moneda(monto: str, moneda: str, comision: str) -> None:
    assert POLITICA_VIGENTE.comision(Dinero.de(Decimal(monto), moneda)).valor == Decimal(comision)


def test_la_politica_tiene_nombre_version_y_tasa_y_otra_tasa_es_otra_politica() -> None:
    assert PoliticaDeComision("ESTANDAR", version=1, tasa_pb=1_000) == POLITICA_VIGENTE
    assert PoliticaDeComision("ESTANDAR", version=2, tasa_pb=250).comision(Dinero(10_000, "EUR")).unidades == 250


def test_se_reintenta_al_segundo_y_a_los_cuatro_segundos() -> None:
    assert [espera_tras(fallos).total_seconds() for fallos in (1, 2)] == [1, 4]
    assert len(ESPERAS) == INTENTOS - 1
