"""Campaigns and the clock's to-do: events in, rows out."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from domain.base.contexto import Contexto, en_contexto
from projections.campanias import consultas
from projections.campanias.tabla import CAMPANIAS
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import AHORA, a_las, campania, dolares, tras


def test_una_campania_creada_esta_pendiente(lectura: Lectura) -> None:
    lectura.ocurre("campanias", campania(presupuesto=Decimal("500.25"), moneda="USD", fecha_inicio=tras(60)))
    assert lectura.una(CAMPANIAS, "id, nombre, cliente_id, estado, itinerario, version") == {
        "id": "CAMP001",
        "nombre": "CAMP001",
        "cliente_id": "ana",
        "estado": "PENDIENTE",
        "itinerario": ["Quito", "Lima"],
        "version": 1,
    }
    assert lectura.una(CAMPANIAS, "presupuesto, gasto_actual, moneda, fecha_inicio, fecha_fin, fecha_creacion") == {
        "presupuesto": Decimal("500.25"),
        "gasto_actual": Decimal(0),
        "moneda": "USD",
        "fecha_inicio": tras(60),
        "fecha_fin": None,
        "fecha_creacion": AHORA,
    }


def test_una_campania_sin_presupuesto_ni_itinerario_tambien_cabe(lectura: Lectura) -> None:
    lectura.ocurre("campanias", campania())
    assert lectura.una(CAMPANIAS, "presupuesto, gasto_actual, moneda") == {
        "presupuesto": None,
        "gasto_actual": Decimal(0),
        "moneda": None,
    }


def test_una_campania_vive_gasta_y_termina(lectura: Lectura) -> None:
    una = campania(presupuesto=Decimal(100), moneda="USD")
    estados = []
    pasos: tuple[Callable[[], None], ...] = (
        lambda: una.asociar_pago("payout-1"),
        lambda: una.activar(AHORA),
        una.pausar,
        lambda: una.reanudar(AHORA),
        lambda: una.registrar_gasto("g1", dolares(1050)),
        lambda: una.registrar_gasto("g2", dolares(50)),
        lambda: una.ajustar_presupuesto(dolares(99900)),
        lambda: una.asociar_pago("payout-2"),
        lambda: una.finalizar(AHORA),
        lambda: una.asociar_pago("payout-3"),
    )
    for segundo, paso in enumerate(pasos, 1):
        with en_contexto(Contexto(ahora=tras(segundo))):
            paso()
        lectura.ocurre("campanias", una)
        estados.append(lectura.una(CAMPANIAS, "estado")["estado"])
    assert estados == ["APROBADA", "ACTIVA", "PAUSADA", *["ACTIVA"] * 5, "FINALIZADA", "FINALIZADA"]
    assert lectura.una(CAMPANIAS, "gasto_actual, presupuesto, fecha_actualizacion, version") == {
        "gasto_actual": Decimal("11.00"),
        "presupuesto": Decimal("999.00"),
        "fecha_actualizacion": tras(10),
        "version": 11,
    }


def test_una_campania_cancelada_dice_por_que(lectura: Lectura) -> None:
    una = campania()
    with a_las():
        una.cancelar("sin interés")
    lectura.ocurre("campanias", una)
    assert lectura.una(CAMPANIAS, "estado, motivo") == {"estado": "CANCELADA", "motivo": "sin interés"}


def test_el_reloj_ve_las_fechas_que_han_llegado_y_no_otras(lectura: Lectura) -> None:
    por_empezar = campania("empieza", fecha_inicio=tras(10))
    por_terminar = campania("termina", fecha_inicio=tras(0), fecha_fin=tras(10))
    terminada = campania("terminada", fecha_fin=tras(0))
    sin_fechas, pendiente = campania("sin-fechas"), campania("pendiente", fecha_inicio=tras(0), fecha_fin=tras(1))
    with a_las():
        for una in (por_empezar, por_terminar, terminada, sin_fechas):
            una.asociar_pago("payout-1")
        por_terminar.seguir_calendario(AHORA)
        terminada.seguir_calendario(AHORA)
    lectura.ocurre("campanias", por_empezar, por_terminar, terminada, sin_fechas, pendiente)
    with lectura.motor.connect() as conexion:
        assert consultas.con_fecha_vencida(conexion, tras(10) - timedelta(microseconds=1)) == []
        assert sorted(consultas.con_fecha_vencida(conexion, tras(10))) == ["empieza", "termina"]


def test_la_consulta_da_la_fila_o_nada(lectura: Lectura) -> None:
    lectura.ocurre("campanias", campania())
    with lectura.motor.connect() as conexion:
        hallada = consultas.campania(conexion, "CAMP001")
        assert hallada is not None
        assert hallada.itinerario == ["Quito", "Lima"]
        assert consultas.campania(conexion, "CAMP002") is None
