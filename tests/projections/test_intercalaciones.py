"""Three logs without a common order: whatever the interleaving, the batches and the kills, the tables are the same."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from domain.base.agregado import Evento
from domain.cliente.agregado import Cliente
from domain.pagos.agregado import Payout
from projections.motor.proyeccion import Proyeccion
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, campania, cliente, payout, tras
from tests.projections.log_en_memoria import LogEnMemoria, eventos_de

PERSONAS = ("ana", "beto", "C1")
CICLOS = ("C1", "C2", "ciclo libre")
TABLAS = [*(tabla.nombre for una in PROYECCIONES for tabla in una.tablas), "aparcados"]


@dataclass
class Historia:
    """What happened in each module, in the order of its log, and the aggregates as they ended."""

    clientes: list[Evento] = field(default_factory=list)
    pagos: list[Evento] = field(default_factory=list)
    campanias: list[Evento] = field(default_factory=list)
    payouts: list[Payout] = field(default_factory=list)
    duenos: dict[str, str] = field(default_factory=dict)
    registrados: list[Cliente] = field(default_factory=list)


@st.composite
def historias(draw: st.DrawFn) -> Historia:
    historia = Historia()
    for persona in draw(st.lists(st.sampled_from(PERSONAS), unique=True)):
        uno = cliente(persona)
        with a_las(tras(1)):
            if draw(st.booleans()):
                uno.anonimizar("x")
        historia.registrados.append(uno)
        historia.clientes += eventos_de(uno)
    for ciclo in draw(st.lists(st.sampled_from(CICLOS[:2]), unique=True)):
        una = campania(ciclo, draw(st.sampled_from(PERSONAS)))
        historia.duenos[ciclo] = una.cliente_id
        historia.campanias += eventos_de(una)
    for numero in range(draw(st.integers(0, 6))):
        historia.payouts.append(_payout(draw, f"payout-{numero}"))
    pendientes = [eventos_de(uno) for uno in historia.payouts]
    while pendientes:
        cual = draw(st.integers(0, len(pendientes) - 1))
        historia.pagos.append(pendientes[cual].pop(0))
        pendientes = [resto for resto in pendientes if resto]
    return historia


def _payout(draw: st.DrawFn, id: str) -> Payout:
    uno = payout(
        id,
        partner_id=draw(st.sampled_from(PERSONAS)),
        cycle_id=draw(st.sampled_from(CICLOS)),
        cliente_id=draw(st.sampled_from([None, None, *PERSONAS])),
        campania_id=draw(st.sampled_from([None, None, *CICLOS[:2]])),
        total_amount=Decimal(draw(st.integers(1, 999))),
        currency=draw(st.sampled_from(["USD", "EUR"])),
    )
    with a_las(tras(5)):
        if draw(st.booleans()):
            uno.procesar(tras(2))
            uno.confirmar(f"TX-{id}", tras(draw(st.integers(2, 5))), tras(5))
            if draw(st.integers(0, 3)) == 0:
                uno.revertir("x")
    return uno


def esperado(historia: Historia) -> dict[str, tuple[int, datetime | None, datetime | None, Decimal, str | None]]:
    """domain.md's "Links", read plainly, over the aggregates as they ended."""
    de_cada_uno: dict[str, list[Payout]] = defaultdict(list)
    for uno in historia.payouts:
        if uno.estado == "COMPLETADO":
            ciclo = uno.cycle_id if uno.cycle_id in historia.duenos else None
            de_campania = historia.duenos.get(uno.campania_id or ciclo or "")
            de_cada_uno[uno.cliente_id or de_campania or uno.partner_id].append(uno)
    return {registrado.id: _totales(de_cada_uno[registrado.id]) for registrado in historia.registrados}


def _totales(pagos: list[Payout]) -> tuple[int, datetime | None, datetime | None, Decimal, str | None]:
    if not pagos:
        return (0, None, None, Decimal(0), None)
    monedas = [uno.monto.moneda for uno in pagos]
    moneda = min(set(monedas), key=lambda una: (-monedas.count(una), una))
    fechas = [uno.completed_at for uno in pagos if uno.completed_at is not None]
    suma = sum((uno.monto.valor for uno in pagos if uno.monto.moneda == moneda), Decimal(0))
    return (len(pagos), min(fechas), max(fechas), suma, moneda)


class Corte(Exception):
    """The worker is killed after it wrote and before it committed."""


Paso = tuple[str, int, bool]
"""A module whose log moves on, by how many events at most, and whether the worker is killed instead."""
PASOS = st.lists(st.tuples(st.sampled_from(["clientes", "pagos", "campanias"]), st.integers(1, 7), st.booleans()))


def leer(lectura: Lectura, historia: Historia, pasos: Iterable[Paso]) -> dict[str, list[Any]]:
    """From empty tables, the steps, and then everything that is left; what the tables hold in the end."""
    _vaciar(lectura)
    lectura.logs.update({nombre: LogEnMemoria(getattr(historia, nombre)) for nombre in lectura.logs})
    for modulo, limite, muere in pasos:
        for proyeccion in PROYECCIONES:
            if any(conmutador.aplicacion == modulo for conmutador in proyeccion.conmutadores):
                _dar_un_paso(lectura, proyeccion, modulo, limite, muere)
    lectura.alcanzar()
    return {tabla: sorted(lectura.filas(tabla), key=repr) for tabla in TABLAS}


def _dar_un_paso(lectura: Lectura, proyeccion: Proyeccion, modulo: str, limite: int, muere: bool) -> None:
    with lectura.motor.connect() as conexion, Session(conexion) as sesion:
        seguidor = lectura.seguidor(sesion, proyeccion, modulo, limite)
        if muere:
            event.listen(sesion, "before_commit", _morir)
        with suppress(Corte):
            seguidor.avanzar()


def _morir(_: Session) -> None:
    raise Corte


def _vaciar(lectura: Lectura) -> None:
    with lectura.motor.begin() as conexion:
        for tabla in (*TABLAS, "seguimiento"):
            conexion.execute(text(f"DELETE FROM {tabla}"))  # noqa: S608 - the tests' own names


@given(historia=historias(), pasos=PASOS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_las_tablas_no_dependen_del_orden_entre_modulos_ni_de_los_lotes_ni_de_las_muertes(
    lectura: Lectura, historia: Historia, pasos: list[Paso]
) -> None:
    de_corrido = leer(lectura, historia, [])
    assert leer(lectura, historia, pasos) == de_corrido
    totales = lectura.filas("clientes", "id, total_pagos, primer_pago, ultimo_pago, monto_total, moneda")
    assert {cual: tuple(resto) for cual, *resto in totales} == esperado(historia)
    assert de_corrido["aparcados"] == []
