"""The payment processor's to-do: events in, rows out."""

from datetime import datetime
from typing import Any

import pytest

from domain.pagos.agregado import Payout
from projections.por_procesar import consultas
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import AHORA, a_las, pagado, payout, tras


def vencidos(lectura: Lectura, ahora: datetime, limite: int = 10) -> list[tuple[str, str, int]]:
    with lectura.motor.connect() as conexion:
        filas = consultas.vencidos(conexion, ahora, limite)
    return [(fila.payout_id, fila.estado, fila.intento) for fila in filas]


def intentar(uno: Payout, instante: datetime) -> None:
    with a_las(instante):
        uno.procesar(instante)
        uno.fallar("TECNICO", "sin red", definitivo=False, ahora=instante)


def test_un_payout_que_nadie_reporto_esta_por_pagar_desde_ya(lectura: Lectura) -> None:
    lectura.ocurre("pagos", payout())
    assert vencidos(lectura, AHORA) == [("payout-1", "PENDIENTE", 1)]


@pytest.mark.parametrize(
    "dicho", [{"confirmation_id": "TX"}, {"processed_at": AHORA}, {"failure_reason": "cuenta cerrada"}]
)
def test_lo_que_alguien_reporto_no_se_conduce_nunca(lectura: Lectura, dicho: dict[str, Any]) -> None:
    uno = payout(**dicho)
    lectura.ocurre("pagos", uno)
    assert lectura.filas("por_procesar") == []
    if uno.estado == "PROCESANDO":
        with a_las():
            uno.fallar("TECNICO", "sin red", definitivo=False, ahora=AHORA)
            uno.reintentar()
        lectura.ocurre("pagos", uno)
        assert lectura.filas("por_procesar") == []


def test_una_respuesta_se_espera_treinta_segundos_y_luego_se_pregunta(lectura: Lectura) -> None:
    uno = payout()
    with a_las(tras(1)):
        uno.procesar(tras(1))
    lectura.ocurre("pagos", uno)
    assert vencidos(lectura, tras(30)) == []
    assert vencidos(lectura, tras(31)) == [("payout-1", "PROCESANDO", 1)]
    with a_las(tras(31)):
        uno.desconocer()
    lectura.ocurre("pagos", uno, payout("payout-2", tras(32)))
    assert vencidos(lectura, tras(32), limite=1) == [("payout-2", "PENDIENTE", 1)], "lo desconocido va al final"


def test_se_reintenta_al_segundo_y_a_los_cuatro_y_el_tercero_es_el_ultimo(lectura: Lectura) -> None:
    uno = payout()
    intentar(uno, tras(0))
    lectura.ocurre("pagos", uno)
    assert vencidos(lectura, tras(0.9)) == []
    assert vencidos(lectura, tras(1)) == [("payout-1", "FALLIDO", 1)]
    with a_las(tras(1)):
        uno.reintentar()
    lectura.ocurre("pagos", uno)
    assert vencidos(lectura, tras(1)) == [("payout-1", "PENDIENTE", 2)]
    intentar(uno, tras(2))
    lectura.ocurre("pagos", uno)
    assert vencidos(lectura, tras(5.9)) == []
    assert vencidos(lectura, tras(6)) == [("payout-1", "FALLIDO", 2)]
    with a_las(tras(6)):
        uno.reintentar()
    intentar(uno, tras(7))
    lectura.ocurre("pagos", uno)
    assert lectura.filas("por_procesar") == []


def test_lo_pagado_y_lo_cancelado_salen(lectura: Lectura) -> None:
    confirmado, cancelado, reportado = payout("payout-1"), payout("payout-2"), pagado("payout-3")
    lectura.ocurre("pagos", confirmado, cancelado, reportado)
    assert len(lectura.filas("por_procesar")) == 2
    with a_las(tras(1)):
        confirmado.procesar(tras(1))
        confirmado.confirmar("SIM-1", tras(1), tras(1))
        confirmado.revertir("devolución")
        cancelado.cancelar("ya no")
    lectura.ocurre("pagos", confirmado, cancelado)
    assert lectura.filas("por_procesar") == []
