"""The real logs: what the applications store arrives in the tables, sealed data opened for the living only."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import AnonimizarCliente, RegistrarCliente
from gateway.composicion import Sistema
from gateway.eventos.log import LogDeAplicacion
from projections.clientes import consultas as de_clientes
from projections.motor.espera import esperar
from projections.motor.trabajador import seguir
from projections.registro import PROYECCIONES
from tests.gateway.sistema import AYER, pago_hecho, sistema_en
from tests.projections.ejemplos import NACIDA

TABLAS = ("clientes", "clientes_totales", "clientes_vinculos", "payouts", "transactions", "campanias", "por_procesar")


@contextmanager
def trabajando(sistema: Sistema) -> Iterator[None]:
    parar = threading.Event()
    logs = {nombre: LogDeAplicacion(aplicacion) for nombre, aplicacion in sistema.aplicaciones.items()}
    hilo = threading.Thread(target=seguir, args=(PROYECCIONES, logs, sistema.motor, parar))
    hilo.start()
    try:
        yield
    finally:
        parar.set()
        hilo.join()


def al_dia(sistema: Sistema) -> bool:
    """Wait until every read model has taken in all that stands in its logs."""
    cabezas = {nombre: uno.recorder.max_notification_id() or 0 for nombre, uno in sistema.aplicaciones.items()}
    return esperar(sistema.motor, [una.nombre for una in PROYECCIONES], cabezas, 120)


def contenido(sistema: Sistema) -> dict[str, list[tuple[Any, ...]]]:
    with sistema.motor.connect() as conexion:
        return {
            tabla: [tuple(fila) for fila in conexion.execute(text(f"SELECT * FROM {tabla} ORDER BY 1, 2"))]  # noqa: S608
            for tabla in TABLAS
        }


def ocurre_de_todo(sistema: Sistema) -> None:
    for quien, numero in (("ana", "10001"), ("beto", "10002")):
        sistema.clientes.ejecutar(RegistrarCliente(quien, f"Señora {quien}", f"{quien}@ejemplo.co", numero, NACIDA))
    sistema.pagos.ejecutar(pago_hecho("C1", partner_id="ana"))
    sistema.pagos.ejecutar(pago_hecho("C2", partner_id="ana"))
    sistema.campanias.ejecutar(CrearCampania("C1", "beto", ("Quito",)))


def test_lo_que_las_aplicaciones_guardan_llega_a_las_tablas(db_url: str) -> None:
    with sistema_en(db_url) as sistema, trabajando(sistema):
        ocurre_de_todo(sistema)
        assert al_dia(sistema)
        with sistema.motor.connect() as conexion:
            ana, beto = (de_clientes.cliente(conexion, quien) for quien in ("ana", "beto"))
        assert ana is not None
        assert beto is not None
        assert (ana.nombre, ana.email, ana.total_pagos, ana.ultimo_pago) == ("Señora ana", "ana@ejemplo.co", 1, AYER)
        assert (beto.nombre, beto.total_pagos) == ("Señora beto", 1)


def test_una_persona_olvidada_lo_esta_tambien_cuando_se_lee_todo_otra_vez(db_url: str) -> None:
    with sistema_en(db_url) as sistema:
        with trabajando(sistema):
            ocurre_de_todo(sistema)
            sistema.clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"))
            assert al_dia(sistema)
        antes = contenido(sistema)
        assert antes["clientes"][0][:5] == ("ana", None, None, None, None)
        with sistema.motor.begin() as conexion:
            for tabla in (*TABLAS, "clientes_campanias", "seguimiento"):
                conexion.execute(text(f"DELETE FROM {tabla}"))  # noqa: S608 - the tests' own names
        with trabajando(sistema):
            assert al_dia(sistema)
        assert contenido(sistema) == antes
