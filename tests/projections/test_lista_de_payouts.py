"""Lists of payouts: whatever the filter and the page, rows, counts and sums are those of the events."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from domain.pagos.estado import Estado
from projections.motor.conteos import Conteo
from projections.motor.foto import foto
from projections.motor.pagina import HONDO, PalabraDesconocida
from projections.payouts.consultas import PaginaDePagos, PagoEnLista, detalle, listar
from projections.payouts.conteos import CUENTAS
from projections.payouts.filtro import CUBETAS, Filtro, estados
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import AHORA, a_las, pagado, payout, tras
from tests.projections.historia_de_pagos import (
    DESDE,
    PARTNERS,
    SEGUNDOS,
    agregados_de,
    libro,
    llevar,
    los_de,
)

DIA = timedelta(days=1)
MICRO = timedelta(microseconds=1)
DIAS = st.integers(-1, 81).map(lambda dia: DESDE + dia * DIA)
INSTANTES = st.one_of(
    st.none(),
    DIAS,
    DIAS.map(lambda dia: dia - MICRO),
    st.integers(0, SEGUNDOS).map(lambda segundo: DESDE + timedelta(seconds=segundo)),
    st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]),
)
MONTOS = st.one_of(
    st.none(),
    st.sampled_from([Decimal(texto) for texto in ("-1", "0", "0.01", "9.99", "10", "12.34", "1000", "1E+3", "1E+20")]),
    st.decimals(0, 6000, places=2),
)
FILTROS = st.builds(
    Filtro,
    partner_id=st.sampled_from([None, None, *PARTNERS, "nadie", "\0"]),
    estados=st.frozensets(st.sampled_from(Estado)),
    desde=INSTANTES,
    hasta=INSTANTES,
    monto_min=MONTOS,
    monto_max=MONTOS,
)


def pedir(lectura: Lectura, filtro: Filtro, pagina: int = 1, por_pagina: int = 20) -> PaginaDePagos:
    with foto(lectura.motor) as con:
        return listar(con, filtro, pagina, por_pagina)


def test_filas_cuentas_y_sumas_son_las_de_los_hechos(lectura: Lectura) -> None:
    historia = libro(3 * HONDO)
    lectura.ocurre("pagos", *(uno.payout for uno in historia))

    @given(filtro=FILTROS, pagina=st.integers(1, 40), por_pagina=st.sampled_from([1, 7, 20, 100]))
    @settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def comprobar(filtro: Filtro, pagina: int, por_pagina: int) -> None:
        esperados = los_de(historia, filtro)
        hallada = pedir(lectura, filtro, pagina, por_pagina)
        salto = (pagina - 1) * por_pagina
        assert [fila.id for fila in hallada.filas] == [uno.id for uno in esperados[salto : salto + por_pagina]]
        assert hallada.agregados == agregados_de(esperados)

    comprobar()


@pytest.mark.parametrize("filtro", [Filtro(), Filtro(partner_id="ana"), Filtro(estados=CUBETAS["FAILED"])])
def test_de_pagina_en_pagina_se_ven_todos_una_vez(lectura: Lectura, filtro: Filtro) -> None:
    historia = libro(2 * HONDO + 50)
    lectura.ocurre("pagos", *(uno.payout for uno in historia))
    vistos: list[str] = []
    for pagina in range(1, 1000):
        filas = pedir(lectura, filtro, pagina).filas
        if not filas:
            break
        vistos += [fila.id for fila in filas]
    assert vistos == [uno.id for uno in los_de(historia, filtro)]


def test_los_conteos_siguen_cada_cambio_de_estado(lectura: Lectura) -> None:
    """In batches of whatever size, and never a cell of nothing: the counts are those of the rows."""
    historia = libro(60, semilla=2)
    pendientes = [uno for uno in historia if uno.payout.estado is Estado.PENDIENTE]
    lectura.ocurre("pagos", *(uno.payout for uno in historia))
    for numero, uno in enumerate(pendientes):
        llevar(uno.payout, list(Estado)[numero % len(Estado)], tras(0))
    lectura.ocurre("pagos", *(uno.payout for uno in pendientes))
    for cuenta in (una for una in CUENTAS.cuentas if isinstance(una, Conteo)):
        tabla = cuenta.tabla
        contados: dict[tuple[object, ...], tuple[int, Decimal]] = {}
        for fila in lectura.filas("payouts", ", ".join(cuenta.de.columnas)):
            celda = cuenta.celda(cuenta.de.fila(*fila))
            assert celda is not None
            pagos, monto = contados.get(celda, (0, Decimal(0)))
            contados[celda] = (pagos + 1, monto + cuenta.de.fila(*fila).monto)
        assert {fila[:-2]: fila[-2:] for fila in lectura.filas(tabla.nombre)} == contados, tabla.nombre


@pytest.mark.parametrize("mes", [1, 5, 6, 7])
def test_un_pago_del_primer_ano_se_cuenta_donde_se_ve(lectura: Lectura, mes: int) -> None:
    """Whoever reports a payment may say that it was ordered on any day of the past."""
    junio, fecha = datetime(1, 6, 15, tzinfo=UTC), datetime(1, mes, 1, tzinfo=UTC)
    lectura.ocurre("pagos", payout("payout-1", processed_at=junio), payout("payout-2"))
    for filtro in (Filtro(desde=fecha), Filtro(hasta=fecha), Filtro(partner_id="partner", desde=fecha)):
        hallada = pedir(lectura, filtro)
        assert hallada.agregados.total == len(hallada.filas)


def test_una_lista_vacia_no_suma_nada(lectura: Lectura) -> None:
    pagina = pedir(lectura, Filtro())
    assert pagina.filas == ()
    assert (pagina.agregados.total, pagina.agregados.total_monto, pagina.agregados.moneda) == (0, Decimal(0), None)
    assert pagina.agregados.totales_por_moneda == {}


def test_las_cubetas_parten_todos_los_estados() -> None:
    assert sorted(estado for suyos in CUBETAS.values() for estado in suyos) == sorted(Estado)


@pytest.mark.parametrize(
    ("texto", "elegidos"),
    [
        ("COMPLETADO", {Estado.COMPLETADO}),
        ("completado, Fallido", {Estado.COMPLETADO, Estado.FALLIDO}),
        ("pending", {Estado.PENDIENTE, Estado.PROCESANDO}),
        ("Failed,PROCESANDO", {Estado.FALLIDO, Estado.CANCELADO, Estado.REVERTIDO, Estado.PROCESANDO}),
    ],
)
def test_un_estado_se_nombra_en_espanol_o_por_su_cubeta(texto: str, elegidos: set[Estado]) -> None:
    assert estados(texto) == elegidos


@pytest.mark.parametrize("texto", ["", "PAGADO", "COMPLETADO,", "PENDIENTE PROCESANDO"])
def test_otra_palabra_no_es_un_estado(texto: str) -> None:
    with pytest.raises(PalabraDesconocida):
        estados(texto)


def test_una_fila_lleva_lo_que_la_lista_muestra(lectura: Lectura) -> None:
    lectura.ocurre("pagos", pagado("payout-1", AHORA))
    (fila,) = pedir(lectura, Filtro()).filas
    assert fila == PagoEnLista(
        id="payout-1",
        partner_id="partner",
        cycle_id="ciclo",
        monto=Decimal("1250.50"),
        moneda="USD",
        estado="COMPLETADO",
        fecha_creacion=AHORA,
        fecha_completado=AHORA,
    )
    assert fila.fecha == AHORA


def test_el_detalle_trae_el_metodo_y_las_transacciones_en_orden(lectura: Lectura) -> None:
    uno = payout(payment_method_type="card", payment_method_mask="****1234")
    lectura.ocurre("pagos", uno)
    with a_las(tras(60)):
        uno.cancelar("ya no")
    lectura.ocurre("pagos", uno)
    with foto(lectura.motor) as con:
        hallado = detalle(con, "payout-1")
        assert detalle(con, "payout-2") is None
    assert hallado is not None
    assert (hallado.pago.payment_method_type, hallado.pago.payment_method_mask) == ("card", "****1234")
    assert [(linea.tipo, linea.monto, linea.descripcion) for linea in hallado.transacciones] == [
        ("COMISION", Decimal("125.05"), "Comisión por el pago"),
        ("REVERSO_COMISION", Decimal("-125.05"), "Devolución de la comisión"),
    ]


def test_lo_que_se_confirma_mientras_tanto_no_se_ve_en_la_misma_foto(lectura: Lectura) -> None:
    lectura.ocurre("pagos", payout("payout-1"))
    with foto(lectura.motor) as con:
        assert con.scalar(text("SELECT count(*) FROM payouts")) == 1
        lectura.ocurre("pagos", payout("payout-2"))
        pagina = listar(con, Filtro())
        assert ([fila.id for fila in pagina.filas], pagina.agregados.total) == (["payout-1"], 1)
    assert pedir(lectura, Filtro()).agregados.total == 2
