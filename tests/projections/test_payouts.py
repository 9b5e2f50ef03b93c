"""Payouts: events in, rows out."""

from datetime import UTC, datetime
from decimal import Decimal

from projections.payouts import consultas
from projections.payouts.tabla import PAYOUTS
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import AHORA, a_las, pagado, payout, tras

COMISIONES = "id, payout_id, partner_id, tipo, comision, moneda, event_type"


def test_un_payout_creado_esta_pendiente_con_su_comision(lectura: Lectura) -> None:
    lectura.ocurre("pagos", payout(payment_method_type="card", payment_method_mask="****1234", campania_id="C1"))
    assert lectura.una(
        PAYOUTS, "id, partner_id, cycle_id, monto, moneda, estado, campania_id, cliente_id, version"
    ) == {
        "id": "payout-1",
        "partner_id": "partner",
        "cycle_id": "ciclo",
        "monto": Decimal("1250.50"),
        "moneda": "USD",
        "estado": "PENDIENTE",
        "campania_id": "C1",
        "cliente_id": None,
        "version": 2,
    }
    assert lectura.una(PAYOUTS, "payment_method_type, payment_method_mask, fecha_creacion, fecha_actualizacion") == {
        "payment_method_type": "card",
        "payment_method_mask": "****1234",
        "fecha_creacion": AHORA,
        "fecha_actualizacion": AHORA,
    }
    assert lectura.filas("transactions", COMISIONES) == [
        ("payout-1-2", "payout-1", "partner", "COMISION", Decimal("125.05"), "USD", "PagoComisionCalculada.v1")
    ]


def test_un_payout_reportado_lleva_sus_propias_fechas(lectura: Lectura) -> None:
    ordenado, completado = datetime(2026, 2, 1, 9, tzinfo=UTC), datetime(2026, 2, 3, 10, tzinfo=UTC)
    lectura.ocurre("pagos", payout(confirmation_id="TX", processed_at=ordenado, completed_at=completado))
    assert lectura.una(PAYOUTS, "estado, fecha_creacion, fecha_procesamiento, fecha_completado") == {
        "estado": "COMPLETADO",
        "fecha_creacion": ordenado,
        "fecha_procesamiento": ordenado,
        "fecha_completado": completado,
    }
    assert lectura.una(PAYOUTS, "fecha_actualizacion, confirmation_id, version") == {
        "fecha_actualizacion": completado,
        "confirmation_id": "TX",
        "version": 4,
    }


def test_un_payout_conducido_pasa_por_procesando_desconocido_y_completado(lectura: Lectura) -> None:
    uno = payout()
    with a_las(tras(1)):
        uno.procesar(tras(1))
    lectura.ocurre("pagos", uno)
    assert lectura.una(PAYOUTS, "estado, intento, fecha_procesamiento, desconocido") == {
        "estado": "PROCESANDO",
        "intento": 1,
        "fecha_procesamiento": tras(1),
        "desconocido": False,
    }
    with a_las(tras(40)):
        uno.desconocer()
    lectura.ocurre("pagos", uno)
    assert lectura.una(PAYOUTS, "estado, desconocido") == {"estado": "PROCESANDO", "desconocido": True}
    with a_las(tras(50)):
        uno.confirmar("SIM-1", tras(45), tras(50))
    lectura.ocurre("pagos", uno)
    assert lectura.una(PAYOUTS, "estado, desconocido, fecha_completado, fecha_actualizacion, version") == {
        "estado": "COMPLETADO",
        "desconocido": False,
        "fecha_completado": tras(45),
        "fecha_actualizacion": tras(45),
        "version": 5,
    }


def test_un_payout_revertido_devuelve_su_comision_con_otra_linea(lectura: Lectura) -> None:
    uno = pagado()
    with a_las(tras(60)):
        uno.revertir("devolución")
    lectura.ocurre("pagos", uno)
    assert lectura.una(PAYOUTS, "estado, motivo, fecha_completado, fecha_actualizacion") == {
        "estado": "REVERTIDO",
        "motivo": "devolución",
        "fecha_completado": AHORA,
        "fecha_actualizacion": tras(60),
    }
    assert [fila[3:5] for fila in lectura.filas("transactions", COMISIONES)] == [
        ("COMISION", Decimal("125.05")),
        ("REVERSO_COMISION", Decimal("-125.05")),
    ]


def test_un_payout_fallido_se_reintenta_y_se_cancela(lectura: Lectura) -> None:
    uno = payout()
    with a_las(tras(1)):
        uno.procesar(tras(1))
        uno.fallar("TECNICO", "sin red", definitivo=False, ahora=tras(1))
    lectura.ocurre("pagos", uno)
    assert lectura.una(PAYOUTS, "estado, codigo_fallo, motivo, fecha_actualizacion") == {
        "estado": "FALLIDO",
        "codigo_fallo": "TECNICO",
        "motivo": "sin red",
        "fecha_actualizacion": tras(1),
    }
    with a_las(tras(2)):
        uno.reintentar()
    lectura.ocurre("pagos", uno)
    assert lectura.una(PAYOUTS, "estado, intento") == {"estado": "PENDIENTE", "intento": 2}
    with a_las(tras(3)):
        uno.cancelar("ya no")
    lectura.ocurre("pagos", uno)
    assert lectura.una(PAYOUTS, "estado, motivo") == {"estado": "CANCELADO", "motivo": "ya no"}


def test_la_consulta_da_la_fila_o_nada(lectura: Lectura) -> None:
    lectura.ocurre("pagos", payout("payout-9"))
    with lectura.motor.connect() as conexion:
        hallado = consultas.payout(conexion, "payout-9")
        assert hallado is not None
        assert (hallado.monto, hallado.moneda, hallado.fecha_creacion) == (Decimal("1250.50"), "USD", AHORA)
        assert consultas.payout(conexion, "payout-8") is None
