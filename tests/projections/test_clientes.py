"""Clients and their totals: events in, rows out."""

from decimal import Decimal

from projections.clientes import consultas
from projections.clientes.tabla import CLIENTES, VINCULOS, FilaDeCliente
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import AHORA, NACIDA, a_las, campania, cliente, pagado, tras

TOTALES = "total_pagos, primer_pago, ultimo_pago, monto_total, moneda"
SIN_PAGOS = {"total_pagos": 0, "primer_pago": None, "ultimo_pago": None, "monto_total": Decimal(0), "moneda": None}


def totales(pagos: int, monto: str, primero: float = 0, ultimo: float = 0, moneda: str = "USD") -> dict[str, object]:
    return {
        "total_pagos": pagos,
        "primer_pago": tras(primero),
        "ultimo_pago": tras(ultimo),
        "monto_total": Decimal(monto),
        "moneda": moneda,
    }


def test_un_cliente_registrado_no_tiene_pagos(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente())
    assert lectura.una(CLIENTES, "id, nombre, email, cedula, fecha_nacimiento, fecha_registro, estado, version") == {
        "id": "ana",
        "nombre": "Ana Díaz",
        "email": "ana@ejemplo.co",
        "cedula": "0012345",
        "fecha_nacimiento": NACIDA,
        "fecha_registro": AHORA,
        "estado": "ACTIVO",
        "version": 1,
    }
    assert lectura.una(CLIENTES, TOTALES) == SIN_PAGOS


def test_un_cliente_cambia_se_va_y_vuelve(lectura: Lectura) -> None:
    ana = cliente()
    with a_las(tras(1)):
        ana.desactivar("se mudó")
    lectura.ocurre("clientes", ana)
    assert lectura.una(CLIENTES, "estado, fecha_actualizacion") == {
        "estado": "INACTIVO",
        "fecha_actualizacion": tras(1),
    }
    with a_las(tras(2)):
        ana.reactivar()
    lectura.ocurre("clientes", ana)
    assert lectura.una(CLIENTES, "estado, fecha_registro, version") == {
        "estado": "ACTIVO",
        "fecha_registro": AHORA,
        "version": 3,
    }


def test_un_cliente_anonimizado_conserva_sus_totales_y_ningun_dato_suyo(lectura: Lectura) -> None:
    ana = cliente()
    lectura.ocurre("pagos", pagado(cliente_id="ana"))
    lectura.ocurre("clientes", ana)
    with a_las(tras(1)):
        ana.anonimizar("lo pidió")
    lectura.ocurre("clientes", ana)
    assert lectura.una(CLIENTES, "nombre, email, cedula, fecha_nacimiento, estado") == {
        "nombre": None,
        "email": None,
        "cedula": None,
        "fecha_nacimiento": None,
        "estado": "ANONIMIZADO",
    }
    assert lectura.una(CLIENTES, TOTALES) == totales(1, "1250.50")


def test_los_hechos_de_una_persona_olvidada_se_leen_sin_sus_datos(lectura: Lectura) -> None:
    ana = cliente()
    vars(ana.pending_events[0]).update(nombre=None, email=None, cedula=None, fecha_nacimiento=None)
    lectura.ocurre("clientes", ana)
    assert lectura.una(CLIENTES, "id, nombre, estado") == {"id": "ana", "nombre": None, "estado": "ACTIVO"}


def test_cuentan_los_pagos_completados_y_un_reverso_los_quita(lectura: Lectura) -> None:
    primero, segundo = pagado("payout-1", tras(0), cliente_id="ana"), pagado("payout-2", tras(60), cliente_id="ana")
    lectura.ocurre("clientes", cliente())
    lectura.ocurre("pagos", primero, segundo)
    assert lectura.una(CLIENTES, TOTALES) == totales(2, "2501.00", 0, 60)
    with a_las(tras(90)):
        primero.revertir("devolución")
    lectura.ocurre("pagos", primero)
    assert lectura.una(CLIENTES, TOTALES) == totales(1, "1250.50", 60, 60)
    with a_las(tras(91)):
        segundo.revertir("devolución")
    lectura.ocurre("pagos", segundo)
    assert lectura.una(CLIENTES, TOTALES) == SIN_PAGOS
    assert lectura.filas("clientes_totales") == []


def test_las_monedas_no_se_suman_y_manda_la_de_mas_pagos(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente())
    lectura.ocurre("pagos", pagado("payout-1", cliente_id="ana", currency="USD"))
    lectura.ocurre("pagos", pagado("payout-2", cliente_id="ana", currency="EUR", total_amount=Decimal(7)))
    assert lectura.una(CLIENTES, TOTALES) == totales(2, "7", moneda="EUR"), "empate: la primera por código"
    lectura.ocurre("pagos", pagado("payout-3", cliente_id="ana", currency="USD", total_amount=Decimal("0.50")))
    assert lectura.una(CLIENTES, TOTALES) == totales(3, "1251.00", moneda="USD")
    with lectura.motor.connect() as conexion:
        assert consultas.totales_por_moneda(conexion, "ana") == {"EUR": Decimal(7), "USD": Decimal(1251)}


def test_el_cliente_dicho_manda_sobre_la_campania_y_esta_sobre_el_partner(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente("ana"), cliente("beto"), cliente("carla"))
    lectura.ocurre("campanias", campania("C1", "beto"))
    lectura.ocurre("pagos", pagado("payout-1", partner_id="carla", campania_id="C1", cliente_id="ana"))
    lectura.ocurre("pagos", pagado("payout-2", partner_id="carla", campania_id="C1"))
    lectura.ocurre("pagos", pagado("payout-3", partner_id="carla", cycle_id="C1"))
    lectura.ocurre("pagos", pagado("payout-4", partner_id="carla", campania_id="C2", cycle_id="C1"))
    assert lectura.filas("clientes", "id, total_pagos") == [("ana", 1), ("beto", 2), ("carla", 1)]


def test_la_campania_que_aparece_despues_se_lleva_los_pagos_de_su_ciclo(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente("ana"), cliente("beto"))
    lectura.ocurre("pagos", pagado("payout-1", tras(5), partner_id="ana", cycle_id="C1"))
    lectura.ocurre("pagos", pagado("payout-2", tras(9), partner_id="ana", cycle_id="C1", cliente_id="ana"))
    assert lectura.filas("clientes", "id, total_pagos") == [("ana", 2), ("beto", 0)]
    lectura.ocurre("campanias", campania("C1", "beto"))
    assert lectura.filas("clientes", "id, total_pagos, primer_pago, monto_total") == [
        ("ana", 1, tras(9), Decimal("1250.50")),
        ("beto", 1, tras(5), Decimal("1250.50")),
    ]
    assert lectura.filas(VINCULOS.nombre, "payout_id, cliente_id, campania_id") == [
        ("payout-1", "beto", "C1"),
        ("payout-2", "ana", "C1"),
    ]


def test_el_cliente_que_aparece_despues_encuentra_sus_pagos(lectura: Lectura) -> None:
    lectura.ocurre("pagos", pagado("payout-1", partner_id="ana"))
    lectura.ocurre("campanias", campania("C1", "ana"))
    lectura.ocurre("pagos", pagado("payout-2", tras(3), cycle_id="C1"))
    assert lectura.filas("clientes") == []
    lectura.ocurre("clientes", cliente("ana"))
    assert lectura.una(CLIENTES, TOTALES) == totales(2, "2501.00", 0, 3)


def test_un_ciclo_que_no_puede_ser_id_no_es_campania(lectura: Lectura) -> None:
    lectura.ocurre("pagos", pagado(cycle_id="enero 2026"))
    assert lectura.filas(VINCULOS.nombre, "payout_id, campania_id") == [("payout-1", None)]


def test_la_consulta_da_la_fila_o_nada(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente())
    with lectura.motor.connect() as conexion:
        hallado = consultas.cliente(conexion, "ana")
        assert isinstance(hallado, FilaDeCliente)
        assert (hallado.nombre, hallado.version) == ("Ana Díaz", 1)
        assert consultas.cliente(conexion, "nadie") is None
