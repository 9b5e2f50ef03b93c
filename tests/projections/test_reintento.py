"""What is parked can be taken up again: in order, once, and beside a worker."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from domain.base.agregado import Evento
from domain.pagos.agregado import Payout
from projections.motor import trabajador
from projections.motor.aparcados import Aparcado, listar
from projections.motor.proyeccion import Proyeccion
from projections.motor.reconstruccion import SinCodigo
from projections.motor.reintento import reintentar
from projections.registro import PROYECCIONES
from tests.eventualmente import eventualmente
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, cliente, pagado, payout
from tests.projections.log_en_memoria import eventos_de


def aparcados(lectura: Lectura, nombre: str | None = None) -> list[Aparcado]:
    with lectura.motor.connect() as conexion:
        return listar(conexion, nombre)


def retomar(lectura: Lectura, uno: Aparcado) -> Aparcado | None:
    return reintentar(uno, PROYECCIONES, lectura.logs, lectura.motor)


def enfermar(lectura: Lectura, agregado: Payout, indice: int) -> Evento:
    """The aggregate's events are in the log, one of them unreadable for now."""
    eventos = eventos_de(agregado)
    lectura.logs["pagos"].agregar(*eventos)
    lectura.logs["pagos"].estropear(eventos[indice])
    lectura.alcanzar()
    return eventos[indice]


def test_corregida_la_causa_el_stream_se_retoma_y_queda_como_si_nada(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente("ana"))
    evento = enfermar(lectura, pagado("payout-1", cliente_id="ana"), 0)
    lectura.ocurre("pagos", payout("payout-2"))
    parados = aparcados(lectura)
    assert {uno.stream for uno in parados} == {"payout-1"}
    assert lectura.filas("clientes", "total_pagos", "1") == [(0,)]
    lectura.logs["pagos"].curar(evento)
    assert [retomar(lectura, uno) for uno in parados] == [None] * len(parados)
    assert aparcados(lectura) == []
    assert lectura.filas("payouts", "id, estado") == [("payout-1", "COMPLETADO"), ("payout-2", "PENDIENTE")]
    assert lectura.filas("clientes", "total_pagos", "1") == [(1,)]
    assert lectura.filas("payouts_por_estado", "estado, pagos") == [("COMPLETADO", 1), ("PENDIENTE", 1)]


def test_repetirlo_no_cuenta_nada_dos_veces(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente("ana"))
    evento = enfermar(lectura, pagado("payout-1", cliente_id="ana"), 0)
    parados = aparcados(lectura)
    lectura.logs["pagos"].curar(evento)
    for _ in range(2):
        assert [retomar(lectura, uno) for uno in parados] == [None] * len(parados)
    assert lectura.filas("clientes", "total_pagos", "1") == [(1,)]


def test_lo_que_vuelve_a_fallar_sigue_aparcado_mas_adelante_y_guarda_lo_anterior(lectura: Lectura) -> None:
    agregado = pagado("payout-1")
    eventos = eventos_de(agregado)
    lectura.logs["pagos"].agregar(*eventos)
    lectura.logs["pagos"].estropear(eventos[0])
    lectura.logs["pagos"].estropear(eventos[3])
    lectura.alcanzar()
    (uno,) = aparcados(lectura, "payouts")
    lectura.logs["pagos"].curar(eventos[0])
    sigue = retomar(lectura, uno)
    assert sigue is not None
    assert (sigue.posicion, sigue.eventos, sigue.error[:10]) == (12, 1, "ValueError")
    assert aparcados(lectura, "payouts") == [sigue]
    assert lectura.filas("payouts", "id, estado, version") == [("payout-1", "PROCESANDO", 3)]


def test_lo_que_la_base_rechaza_vuelve_a_aparcarse_sin_perder_lo_anterior(lectura: Lectura) -> None:
    agregado = payout("payout-1")
    with a_las():
        agregado.cancelar("ya no")
    evento = enfermar(lectura, agregado, 0)
    with lectura.motor.begin() as conexion:
        conexion.execute(text("ALTER TABLE payouts ADD CHECK (estado <> 'CANCELADO')"))
    (uno,) = aparcados(lectura, "payouts")
    lectura.logs["pagos"].curar(evento)
    sigue = retomar(lectura, uno)
    assert sigue is not None
    assert sigue.error.startswith("CheckViolation [23514]")
    assert lectura.filas("payouts", "id, estado, version") == [("payout-1", "PENDIENTE", 2)]


def test_lo_que_la_posicion_aun_no_paso_lo_toma_despues_el_trabajador(lectura: Lectura) -> None:
    agregado = payout("payout-1")
    evento = enfermar(lectura, agregado, 0)
    with a_las():
        agregado.cancelar("ya no")
    lectura.logs["pagos"].agregar(*eventos_de(agregado))
    lectura.logs["pagos"].curar(evento)
    for uno in aparcados(lectura):
        assert retomar(lectura, uno) is None
    assert lectura.filas("payouts", "estado", "1") == [("PENDIENTE",)]
    lectura.alcanzar()
    assert lectura.filas("payouts", "estado", "1") == [("CANCELADO",)]


@pytest.fixture
def en_marcha(lectura: Lectura) -> Iterator[None]:
    """A worker follows."""
    parar = threading.Event()
    hilo = threading.Thread(target=trabajador.seguir, args=(PROYECCIONES, lectura.logs, lectura.motor, parar))
    hilo.start()
    yield
    parar.set()
    hilo.join()


@pytest.mark.usefixtures("en_marcha")
def test_con_el_trabajador_en_marcha_nada_se_pierde_ni_se_cuenta_dos_veces(lectura: Lectura) -> None:
    lectura.logs["clientes"].agregar(*eventos_de(cliente("ana")))
    enfermos = [payout(f"payout-{n}", cliente_id="ana") for n in range(20)]
    primeros = [eventos_de(uno) for uno in enfermos]
    for eventos in primeros:
        lectura.logs["pagos"].estropear(eventos[0])
        lectura.logs["pagos"].agregar(*eventos)
    parados = eventualmente(lambda: aparcados(lectura, "clientes"), lambda vistos: len(vistos) == 20)
    for eventos in primeros:
        lectura.logs["pagos"].curar(eventos[0])
    for uno, enfermo in zip(parados, enfermos, strict=True):
        with a_las():
            enfermo.procesar(enfermo.created_on)
            enfermo.confirmar(f"TX-{enfermo.id}", enfermo.created_on, enfermo.created_on)
        lectura.logs["pagos"].agregar(*eventos_de(enfermo))
        assert retomar(lectura, uno) is None
    pagos = eventualmente(lambda: lectura.filas("clientes", "total_pagos", "1"), lambda filas: filas == [(20,)])
    assert pagos == [(20,)]
    assert aparcados(lectura, "clientes") == []


def test_sin_el_codigo_de_la_generacion_no_se_toca_nada(lectura: Lectura) -> None:
    enfermar(lectura, payout("payout-1"), 0)
    (uno,) = aparcados(lectura, "payouts")
    otras = [Proyeccion("payouts", version=99, conmutadores=())]
    with pytest.raises(SinCodigo, match="payouts"):
        reintentar(uno, otras, lectura.logs, lectura.motor)
    assert aparcados(lectura, "payouts") == [uno]
