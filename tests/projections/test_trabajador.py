"""The worker: follows by itself, survives what breaks, hands over, and stops when told."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from projections.motor import trabajador
from projections.registro import PROYECCIONES
from tests.eventualmente import eventualmente
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import cliente, pagado
from tests.projections.log_en_memoria import eventos_de

Arrancar = Callable[[], threading.Event]
MATAR = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
TURNOS = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted ORDER BY objid"


@pytest.fixture
def arrancar(lectura: Lectura) -> Iterator[Arrancar]:
    """Starts a worker; the event that it returns stops it."""
    trabajadores: list[tuple[threading.Thread, threading.Event]] = []

    def uno() -> threading.Event:
        parar = threading.Event()
        argumentos = (PROYECCIONES, lectura.logs, lectura.motor, parar)
        hilo = threading.Thread(target=trabajador.seguir, args=argumentos)
        hilo.start()
        trabajadores.append((hilo, parar))
        return parar

    yield uno
    for _, parar in trabajadores:
        parar.set()
    inicio = time.monotonic()
    for hilo, _ in trabajadores:
        hilo.join(10)
        assert not hilo.is_alive()
    assert time.monotonic() - inicio < 2, "un trabajador se detiene en seguida"


def paga(lectura: Lectura, numero: int) -> None:
    lectura.logs["pagos"].agregar(*eventos_de(pagado(f"payout-{numero}", cliente_id="ana")))


def esperar_pagos(lectura: Lectura, pagos: int) -> None:
    """Until the only client has so many."""
    eventualmente(lambda: lectura.filas("clientes", "total_pagos", "1"), lambda filas: filas == [(pagos,)], segundos=10)


def turnos(lectura: Lectura) -> list[int]:
    with lectura.motor.connect() as conexion:
        return list(conexion.scalars(text(TURNOS)))


def test_lo_que_se_agrega_llega_a_las_tablas(lectura: Lectura, arrancar: Arrancar) -> None:
    arrancar()
    lectura.logs["clientes"].agregar(*eventos_de(cliente()))
    for numero in range(1, 4):
        paga(lectura, numero)
        esperar_pagos(lectura, numero)
    eventualmente(lambda: len(lectura.filas("payouts")), lambda filas: filas == 3)


def test_las_conexiones_muertas_vuelven_y_nada_se_cuenta_dos_veces(lectura: Lectura, arrancar: Arrancar) -> None:
    lectura.logs["clientes"].agregar(*eventos_de(cliente()))
    arrancar()
    for numero in range(1, 4):
        paga(lectura, numero)
        esperar_pagos(lectura, numero)
        lectura.motor.dispose()
        with lectura.motor.connect() as conexion:
            conexion.execute(text(MATAR))
        lectura.logs["pagos"].cortar(2)
    paga(lectura, 4)
    esperar_pagos(lectura, 4)


def test_dos_trabajadores_se_turnan_y_el_segundo_sigue_cuando_el_primero_se_va(
    lectura: Lectura, arrancar: Arrancar
) -> None:
    lectura.logs["clientes"].agregar(*eventos_de(cliente()))
    primero = arrancar()
    antes = eventualmente(lambda: turnos(lectura), lambda pids: len(pids) == len(PROYECCIONES))
    arrancar()
    paga(lectura, 1)
    esperar_pagos(lectura, 1)
    assert turnos(lectura) == antes, "el segundo espera su turno"
    primero.set()
    eventualmente(lambda: turnos(lectura), lambda pids: len(pids) == len(PROYECCIONES) and not {*pids} & {*antes})
    paga(lectura, 2)
    esperar_pagos(lectura, 2)


def test_un_dueno_congelado_es_relevado(lectura: Lectura, arrancar: Arrancar) -> None:
    """The claims are held by somebody who does nothing, as a frozen process would."""
    lectura.logs["clientes"].agregar(*eventos_de(cliente()))
    with lectura.motor.connect() as congelado:
        for proyeccion in PROYECCIONES:
            nombre = f"{proyeccion.nombre}:{proyeccion.version}"
            congelado.execute(text("SELECT pg_advisory_lock(4207431, hashtext(:nombre))"), {"nombre": nombre})
        congelado.commit()
        arrancar()
        paga(lectura, 1)
        esperar_pagos(lectura, 1)
