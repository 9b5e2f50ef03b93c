"""What holds for every history of a campaign, not only for those that somebody thought of."""

import copy
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from eventsourcing.application import project_aggregate
from hypothesis import given
from hypothesis import strategies as st

from domain.base.contexto import Contexto, en_contexto
from domain.base.dinero import Dinero
from domain.base.errores import ErrorDeDominio
from domain.campanias.agregado import Campania
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import AsociarPago, DesasociarPago
from domain.campanias.datos import DatosDeCampania
from domain.campanias.estado import EMPEZADAS, Estado
from tests.domain.campanias.ejemplos import CREAR, DATOS, ID, PAGO
from tests.domain.especificacion import AHORA
from tests.domain.memoria import en_memoria, reloj_parado

Hecho = AsociarPago | DesasociarPago
Verbo = Callable[[Campania, datetime], None]

CONFIRMADO = AsociarPago(ID, "payout-1")
REVERTIDO = DesasociarPago(ID, "payout-1", "fraude")
FALLIDO = DesasociarPago(ID, "payout-1", "cuenta cerrada")
VIDAS: tuple[list[Hecho], ...] = ([CONFIRMADO], [FALLIDO], [CONFIRMADO, REVERTIDO], [CONFIRMADO, REVERTIDO, FALLIDO])


@st.composite
def desordenadas(draw: st.DrawFn) -> list[Hecho]:
    """The events of one payment: each at least once, in any order."""
    vida = draw(st.sampled_from(VIDAS))
    repetidos = draw(st.lists(st.sampled_from(vida), max_size=6))
    return draw(st.permutations([*vida, *repetidos]))


@given(desordenadas(), st.integers(0, 10))
def test_los_hechos_de_un_pago_llevan_al_mismo_estado_en_cualquier_orden_y_antes_o_despues_de_crear(
    hechos: list[Hecho], lugar: int
) -> None:
    cayo = any(isinstance(hecho, DesasociarPago) for hecho in hechos)
    ordenes: list[object] = list(hechos)
    ordenes.insert(lugar, CREAR)
    campanias = Campanias(en_memoria, reloj_parado(AHORA))

    for orden in ordenes:
        campanias.ejecutar(orden)

    campania = campanias.buscar(Campania, ID)
    assert campania is not None
    assert campania.estado is (Estado.CANCELADA if cayo else Estado.APROBADA)
    assert campania.pagos.vigentes == (set() if cayo else {"payout-1"})


@given(desordenadas(), st.sampled_from(Estado), st.booleans())
def test_los_hechos_de_un_pago_conmutan_en_cualquier_estado_de_partida(
    hechos: list[Hecho], partida: Estado, hay_otro: bool
) -> None:
    ordenados = [hecho for hecho in (CONFIRMADO, REVERTIDO, FALLIDO) if hecho in hechos]

    assert _tras(hechos, partida, hay_otro) == _tras(ordenados, partida, hay_otro)


def campania_en(estado: Estado) -> Campania:
    """A campaign that came to ``estado`` by the shortest way. Needs a context."""
    campania = Campania.crear(ID, DATOS)
    if estado is Estado.CANCELADA:
        campania.cancelar("sin fondos")
    elif estado is not Estado.PENDIENTE:
        campania.asociar_pago(PAGO)
    if estado in EMPEZADAS:
        campania.activar(AHORA)
    if estado is Estado.PAUSADA:
        campania.pausar()
    if estado is Estado.FINALIZADA:
        campania.finalizar(AHORA)
    return campania


def _tras(hechos: Sequence[Hecho], partida: Estado, hay_otro: bool) -> tuple[Estado, set[str]]:
    """State and payments that count, once a campaign in ``partida`` has been told the facts."""
    with en_contexto(Contexto(ahora=AHORA)):
        campania = campania_en(partida)
        if hay_otro:
            campania.asociar_pago("payout-2")
        for hecho in hechos:
            match hecho:
                case AsociarPago():
                    campania.asociar_pago(hecho.payout_id)
                case DesasociarPago():
                    campania.desasociar_pago(hecho.payout_id, hecho.motivo)
    return campania.estado, campania.pagos.vigentes


pagos = st.sampled_from(["payout-1", "payout-2", "payout-3"])
dineros = st.builds(Dinero, st.integers(1, 200_000), st.sampled_from(["USD", "USD", "USD", "JPY"]))
verbos: st.SearchStrategy[Verbo] = st.one_of(
    st.sampled_from(
        [
            Campania.activar,
            lambda campania, _: campania.pausar(),
            Campania.reanudar,
            Campania.finalizar,
            Campania.seguir_calendario,
            lambda campania, _: campania.cancelar("sin fondos"),
        ]
    ),
    pagos.map(lambda pago: lambda campania, _: campania.asociar_pago(pago)),
    pagos.map(lambda pago: lambda campania, _: campania.desasociar_pago(pago, "fraude")),
    dineros.map(lambda monto: lambda campania, _: campania.ajustar_presupuesto(monto)),
    st.tuples(st.sampled_from("abcdef"), dineros).map(
        lambda gasto: lambda campania, _: campania.registrar_gasto(gasto[0], gasto[1])
    ),
)
instantes = st.integers(-3, 3).map(lambda dias: AHORA + timedelta(days=dias))
fechas = st.none() | instantes


@given(fechas, fechas, st.lists(st.tuples(verbos, instantes), max_size=30))
def test_toda_orden_se_niega_sin_dejar_rastro_o_deja_una_historia_que_se_vuelve_a_contar_igual(
    inicio: datetime | None, fin: datetime | None, ordenes: list[tuple[Verbo, datetime]]
) -> None:
    datos = DatosDeCampania("CLI-1", (), ID, Dinero(100_000, "USD"), "USD", inicio, fin)
    with en_contexto(Contexto(ahora=AHORA)):
        campania = Campania.crear(ID, datos)
        campania.asociar_pago("payout-0")
        for verbo, ahora in ordenes:
            antes = copy.deepcopy(campania)
            try:
                verbo(campania, ahora)
            except ErrorDeDominio:
                assert campania == antes
            assert campania.cuenta.presupuesto is not None
            assert campania.cuenta.gastado is None or not campania.cuenta.gastado > campania.cuenta.presupuesto
            assert sum(gasto.unidades for gasto in campania.cuenta.gastos.values()) == (
                campania.cuenta.gastado.unidades if campania.cuenta.gastado else 0
            )

    assert project_aggregate(None, campania.collect_events()) == campania


@given(st.sampled_from([Estado.FINALIZADA, Estado.CANCELADA]), st.lists(st.tuples(verbos, instantes), max_size=15))
def test_de_un_estado_final_no_se_sale(partida: Estado, ordenes: list[tuple[Verbo, datetime]]) -> None:
    with en_contexto(Contexto(ahora=AHORA)):
        campania = campania_en(partida)
        for verbo, ahora in ordenes:
            try:
                verbo(campania, ahora)
            except ErrorDeDominio:
                continue

    assert campania.estado is partida
