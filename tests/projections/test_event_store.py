"""The audit trail for SQL readers: every event a row, in the order of its log, nothing personal in it."""

import json
from typing import Any

import pytest
from sqlalchemy import text

from domain.base.contexto import Actor, Contexto, en_contexto
from domain.base.reserva import Reserva
from projections.event_store.tabla import EVENT_STORE
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import AHORA, a_las, campania, cliente, dolares, pagado, payout, tras

MUCHOS = 60
"""More than the engine writes one by one: they go in bulk."""


def filas(lectura: Lectura, columnas: str) -> list[tuple[Any, ...]]:
    return lectura.filas("event_store", columnas, "modulo, posicion")


def test_cada_evento_da_una_linea_con_las_columnas_de_la_semilla(lectura: Lectura) -> None:
    lectura.ocurre("pagos", payout(campania_id="C1"))
    creado, comision = filas(lectura, "id, aggregate_id, aggregate_type, type, payload, occurred_on")
    assert creado == (
        "pagos:3",
        "payout-1",
        "Payout",
        "PagoCreado.v1",
        {
            "partner_id": "partner",
            "cycle_id": "ciclo",
            "monto": {"valor": "1250.50", "moneda": "USD"},
            "payment_method_type": None,
            "payment_method_mask": None,
            "cliente_id": None,
            "campania_id": "C1",
            "reportado": False,
            "confirmation_id": None,
            "processed_at": None,
            "completed_at": None,
        },
        AHORA,
    )
    assert (comision[0], comision[3], comision[4]["comision"]) == (
        "pagos:6",
        "PagoComisionCalculada.v1",
        {"valor": "125.05", "moneda": "USD"},
    )


def test_las_fechas_y_las_listas_se_leen_como_json(lectura: Lectura) -> None:
    una = campania(fecha_inicio=AHORA, presupuesto=dolares(1000_00).valor, moneda="USD")
    lectura.ocurre("campanias", una)
    ((payload,),) = filas(lectura, "payload")
    assert payload["itinerario"] == ["Quito", "Lima"]
    assert payload["fecha_inicio"] == "2026-03-01T12:00:00Z"
    assert payload["fecha_fin"] is None
    assert payload["presupuesto"] == {"valor": "1000.00", "moneda": "USD"}


def test_se_sabe_quien_y_por_que(lectura: Lectura) -> None:
    uno = payout()
    with en_contexto(Contexto(tras(1), Actor("api", "local"), correlation_id="corr", causation_id="peticion")):
        uno.cancelar("m")
    lectura.ocurre("pagos", uno)
    *_, cancelado, _ = filas(lectura, "modulo, posicion, version, actor, correlation_id, causation_id, occurred_on")
    assert cancelado == ("pagos", 9, 3, "api:local", "corr", "peticion", tras(1))


def test_los_datos_personales_no_estan_ni_sellados_ni_en_huellas(lectura: Lectura) -> None:
    ana = cliente()
    with a_las(tras(1)):
        ana.desactivar("vacaciones")
        ana.anonimizar("lo pidió")
    lectura.ocurre("clientes", ana)
    assert filas(lectura, "id, aggregate_type, type, payload") == [
        ("cliente:3", "Cliente", "ClienteRegistrado.v1", {}),
        ("cliente:6", "Cliente", "ClienteDesactivado.v1", {"motivo": "vacaciones"}),
        ("cliente:9", "Cliente", "ClienteAnonimizado.v1", {"motivo": "lo pidió"}),
    ]
    todo = json.dumps([list(map(str, fila)) for fila in lectura.filas("event_store")])
    for dato in ("Ana", "ejemplo.co", "0012345", "e-ana", "_sellado"):
        assert dato not in todo


def test_lo_interno_no_se_muestra(lectura: Lectura) -> None:
    with a_las():
        reserva = Reserva(id="confirmacion:abc", titular="payout-1")
    lectura.ocurre("pagos", reserva, pagado())
    assert {fila[0] for fila in filas(lectura, "aggregate_id")} == {"payout-1"}


@pytest.mark.parametrize("limite", [7, 5000])
def test_en_bloque_o_de_a_pocos_es_lo_mismo(lectura: Lectura, limite: int) -> None:
    lectura.logs["pagos"].agregar(*(uno for numero in range(MUCHOS) for uno in _eventos(f"payout-{numero}")))
    lectura.alcanzar(limite)
    assert len(filas(lectura, "id")) == 4 * MUCHOS
    assert {fila[0] for fila in filas(lectura, "payload->'monto'->>'valor'")} == {"1250.50", None}


def test_se_suma_en_sql(lectura: Lectura) -> None:
    lectura.ocurre("pagos", pagado("payout-1"), pagado("payout-2"))
    consulta = text("SELECT sum((payload->'monto'->>'valor')::numeric) FROM event_store WHERE type = 'PagoCreado.v1'")
    with lectura.motor.connect() as conexion:
        assert str(conexion.scalar(consulta)) == "2501.00"


def test_es_un_modelo_de_lectura_mas() -> None:
    assert EVENT_STORE in [tabla for una in PROYECCIONES for tabla in una.tablas]


def _eventos(id: str) -> list[Any]:
    return list(pagado(id).collect_events())
