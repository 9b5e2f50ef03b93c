"""The worker: follows by itself, survives what breaks, hands over, and stops when told."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from psycopg import OperationalError
from sqlalchemy import text
from sqlalchemy.orm import Session

from projections.motor import trabajador
from projections.motor.conexion import conexion_propia
from projections.motor.marcha import Marcha
from projections.motor.seguimiento import Lugar, PosicionDisputada
from projections.motor.turno import Turno
from projections.payouts.proyeccion import PROYECCION as PAYOUTS
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
DUENOS = "SELECT DISTINCT dueno FROM seguimiento WHERE dueno IS NOT NULL AND vence_en > clock_timestamp() ORDER BY 1"


QUIETO = {"nombre": "event_store:1:clientes"}
"""A reader of several logs, in its position in one that has no news."""


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
        hilo.join(60)
        assert not hilo.is_alive()
    assert time.monotonic() - inicio < 5, "un trabajador se detiene en seguida"


def paga(lectura: Lectura, numero: int) -> None:
    lectura.logs["pagos"].agregar(*eventos_de(pagado(f"payout-{numero}", cliente_id="ana")))


def esperar_pagos(lectura: Lectura, pagos: int) -> None:
    """Until the only client has so many."""
    eventualmente(lambda: lectura.filas("clientes", "total_pagos", "1"), lambda filas: filas == [(pagos,)])


def duenos(lectura: Lectura) -> list[int]:
    with lectura.motor.connect() as conexion:
        return list(conexion.scalars(text(DUENOS)))


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
    antes = eventualmente(lambda: duenos(lectura), lambda pids: len(pids) == len(PROYECCIONES))
    arrancar()
    paga(lectura, 1)
    esperar_pagos(lectura, 1)
    assert duenos(lectura) == antes, "el segundo espera su turno"
    primero.set()
    eventualmente(lambda: duenos(lectura), lambda pids: len(pids) == len(PROYECCIONES) and not {*pids} & {*antes})
    paga(lectura, 2)
    esperar_pagos(lectura, 2)


def test_un_dueno_congelado_en_medio_de_una_copia_es_relevado_y_ya_no_puede_escribir(
    lectura: Lectura, arrancar: Arrancar
) -> None:
    """It holds its positions, and its connection waits for more rows, as when the process was stopped then."""
    lectura.logs["clientes"].agregar(*eventos_de(cliente()))
    seguimientos = ["clientes:1:campanias", "clientes:1:clientes", "clientes:1:pagos"]
    with conexion_propia(lectura.motor, "public") as conexion, Session(conexion) as sesion:
        assert Turno(seguimientos, "public", sesion).tomar() is not None
        # It was stopped as long ago as its claim lasts: what is left to wait for is the machine.
        sesion.execute(text("UPDATE seguimiento SET vence_en = clock_timestamp() WHERE dueno = pg_backend_pid()"))
        sesion.commit()
        sesion.execute(text("UPDATE seguimiento SET movido_en = clock_timestamp() WHERE dueno = pg_backend_pid()"))
        cursor: Any = conexion.connection.cursor()
        with pytest.raises(OperationalError), cursor.copy("COPY clientes_campanias FROM STDIN"):  # noqa: PT012
            arrancar()
            paga(lectura, 1)
            esperar_pagos(lectura, 1)
        sesion.invalidate()
    assert lectura.filas("clientes_campanias") == []


def test_donde_los_eventos_no_cesan_el_turno_se_renueva_tambien_en_los_registros_quietos(
    lectura: Lectura, arrancar: Arrancar
) -> None:
    fin = threading.Event()

    def pagar() -> None:
        numero = 0
        while not fin.wait(0.002):
            numero += 1
            paga(lectura, numero)

    def vencimiento() -> Any:
        with lectura.motor.connect() as conexion:
            return conexion.scalar(text("SELECT vence_en FROM seguimiento WHERE application_name = :nombre"), QUIETO)

    pagador = threading.Thread(target=pagar)
    pagador.start()
    try:
        arrancar()
        eventualmente(lambda: len(lectura.filas("event_store")), bool)
        primero = vencimiento()
        eventualmente(vencimiento, lambda visto: visto > primero)
    finally:
        fin.set()
        pagador.join()


def test_el_turno_de_un_muerto_se_toma_en_seguida_y_el_de_un_vivo_no(lectura: Lectura) -> None:
    seguimientos = ["payouts:1:pagos"]
    with conexion_propia(lectura.motor, "public") as otra, Session(otra) as sesion:
        turno = Turno(seguimientos, "public", sesion)
        with conexion_propia(lectura.motor, "public") as una, Session(una) as primera:
            epoca = Turno(seguimientos, "public", primera).tomar()
            assert epoca is not None
            assert turno.tomar() is None
        assert eventualmente(turno.tomar, lambda tomada: tomada is not None) == epoca + 1


def test_quien_perdio_el_turno_no_escribe_aunque_nadie_se_haya_movido(lectura: Lectura) -> None:
    with conexion_propia(lectura.motor, "public") as una, Session(una) as sesion:
        turno = Turno(["payouts:1:pagos"], "public", sesion)
        epoca = turno.tomar()
        assert epoca is not None
        lugar = Lugar(1, "public", epoca)
        marcha = Marcha(PAYOUTS, lectura.logs, lectura.motor, sesion, lugar=lugar)
        with conexion_propia(lectura.motor, "public") as otra, Session(otra) as otra_sesion:
            assert Turno(["payouts:1:pagos"], "public", otra_sesion).tomar(forzar=True) == epoca + 1
        paga(lectura, 1)
        with pytest.raises(PosicionDisputada):
            marcha.avanzar("pagos")
    assert lectura.filas("payouts") == []
