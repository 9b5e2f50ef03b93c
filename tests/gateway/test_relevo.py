"""Two real workers, one stopped in the middle of its load: it is replaced in time, and back alive it can't write."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from domain.cliente.comandos import RegistrarCliente
from gateway.composicion import Sistema
from projections.motor.conexion import NOMBRE
from projections.registro import PROYECCIONES
from tests.detenido import detenido
from tests.eventualmente import eventualmente
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.gateway.test_trabajador import proceso

RELEVO = 10.0
"""Seconds within which whoever freezes is replaced."""
SEGUIMIENTOS = sum(len(una.aplicaciones) for una in PROYECCIONES)


@contextmanager
def carga(sistema: Sistema) -> Iterator[list[str]]:
    """Payments of one client, one after the other, until the end of the block."""
    fin, hechos = threading.Event(), list[str]()

    def pagar() -> None:
        while not fin.wait(0.005):
            hechos.append(sistema.pagos.ejecutar(pago_hecho("CICLO", cliente_id="ana")).id)

    hilo = threading.Thread(target=pagar)
    hilo.start()
    try:
        yield hechos
    finally:
        fin.set()
        hilo.join()


def pagos_de_ana(sistema: Sistema) -> int:
    with sistema.motor.connect() as conexion:
        return int(conexion.scalar(text("SELECT total_pagos FROM clientes WHERE id = 'ana'")) or 0)


def epocas(sistema: Sistema) -> list[tuple[str, int]]:
    consulta = text("SELECT application_name, epoca FROM seguimiento WHERE dueno IS NOT NULL ORDER BY application_name")
    with sistema.motor.connect() as conexion:
        return [(fila[0], fila[1]) for fila in conexion.execute(consulta)]


def test_un_trabajador_congelado_en_plena_carga_es_relevado_y_al_volver_no_escribe(db_url: str, tmp_path: Path) -> None:
    with sistema_en(db_url) as sistema:
        nacida = datetime(1990, 1, 1, tzinfo=UTC)
        sistema.clientes.ejecutar(RegistrarCliente("ana", "Ana Ruiz", "ana@ejemplo.co", "12345", nacida))
        with proceso("trabajador", db_url, tmp_path) as primero, carga(sistema) as hechos:
            eventualmente(lambda: pagos_de_ana(sistema), lambda pagos: pagos > 20)
            # All are the first one's before there is a second, whoever has lost one of them by the time it is frozen.
            suyas = eventualmente(lambda: epocas(sistema), lambda vistas: len(vistas) == SEGUIMIENTOS)
            with proceso("trabajador", db_url, tmp_path):
                eventualmente(lambda: seguidores(sistema), lambda cuantos: cuantos == 2 * len(PROYECCIONES))
                with detenido(primero):
                    congelado, antes = time.monotonic(), len(hechos)
                    eventualmente(lambda: pagos_de_ana(sistema), lambda pagos: pagos > antes, segundos=RELEVO)
                    assert time.monotonic() - congelado < RELEVO
                    del_segundo = eventualmente(
                        lambda: epocas(sistema), lambda vistas: _todas_mas_nuevas(suyas, vistas), segundos=RELEVO
                    )
                antes = len(hechos)
                eventualmente(lambda: pagos_de_ana(sistema), lambda pagos: pagos > antes + 100)
                assert epocas(sistema) == del_segundo, "quien vuelve espera su turno"
        with proceso("trabajador", db_url, tmp_path):
            eventualmente(lambda: pagos_de_ana(sistema), lambda pagos: pagos >= len(hechos))
        assert pagos_de_ana(sistema) == len(hechos) == len(set(hechos))


def _todas_mas_nuevas(antes: list[tuple[str, int]], ahora: list[tuple[str, int]]) -> bool:
    return len(antes) == len(ahora) and all(nueva > vieja for (_, vieja), (_, nueva) in zip(antes, ahora, strict=True))


def seguidores(sistema: Sistema) -> int:
    """Connections that follow a generation, or stand by to do so."""
    consulta = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = :nombre"
    )
    with sistema.motor.connect() as conexion:
        return int(conexion.scalar(consulta, {"nombre": NOMBRE}) or 0)
