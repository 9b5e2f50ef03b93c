"""A database that answers otherwise than ours, or part of which does not: pages go without it, in time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as SinConexionLibre

from bff.infrastructure.adapters.lectura import crear_motor
from bff.infrastructure.plazo import abrir_plazo, cerrar_plazo
from tests.bff.conftest import bff_en, conectado
from tests.cronometro import en_menos_de
from tests.sin_prisa import sin_prisa

PLAZO = 2.0


@pytest.fixture
def bff(db_url: str) -> Iterator[FlaskClient]:
    with bff_en(db_url, request_timeout=PLAZO) as app:
        yield conectado(app)


@contextmanager
def trancada(db_url: str, tabla: str) -> Iterator[None]:
    with sin_prisa(db_url) as conexion:
        conexion.execute(f"LOCK TABLE {tabla} IN ACCESS EXCLUSIVE MODE".encode())
        yield


def test_una_lista_que_no_llega_es_un_504_dentro_del_plazo(bff: FlaskClient, db_url: str) -> None:
    with trancada(db_url, "payouts_por_estado"):
        respuesta = en_menos_de(2 * PLAZO, lambda: bff.get("/api/v1/pagos"))
    assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (504, "SERVICIO_LENTO")
    assert bff.get("/api/v1/pagos").status_code == 200


def test_el_tablero_y_la_busqueda_van_sin_lo_que_no_llega(bff: FlaskClient, db_url: str) -> None:
    nota = {"campanias": "El servicio tarda demasiado"}
    with trancada(db_url, "campanias_por_estado"):
        tablero: Any = en_menos_de(2 * PLAZO, lambda: bff.get("/api/v1/dashboard").json)
    assert (tablero["total_campanias"], tablero["total_pagos"], tablero["notas"]) == (None, 0, nota)
    with trancada(db_url, "campanias"):
        hallado: Any = bff.get("/api/v1/search?q=ana").json
    assert (hallado["total_results"], hallado["notas"]) == (0, nota)


def test_tambien_la_espera_por_una_conexion_libre_es_parte_del_plazo(db_url: str) -> None:
    motor = crear_motor(db_url, conexiones=1, segundos=20)
    with motor.connect():
        ficha, inicio = abrir_plazo(PLAZO), time.monotonic()
        with pytest.raises(SinConexionLibre):
            motor.connect()
        assert time.monotonic() - inicio < 3 * PLAZO
        cerrar_plazo(ficha)
    motor.dispose()


def test_una_conexion_que_el_servidor_corto_no_se_nota(bff: FlaskClient, db_url: str) -> None:
    assert bff.get("/api/v1/pagos").status_code == 200
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'alpes bff'")
    for ruta in ("pagos?per_page=3", "clientes", "dashboard"):
        assert bff.get(f"/api/v1/{ruta}").status_code == 200, ruta


@pytest.mark.parametrize("ajuste", ["TimeZone%3DEurope/Madrid", "DateStyle%3DGerman"])
def test_como_dice_las_fechas_la_base_no_estorba_a_quien_las_lee(db_url: str, ajuste: str) -> None:
    motor, ultima = (
        crear_motor(f"{db_url}?options=-c%20{ajuste}", 1, 60),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    )
    with motor.connect() as conexion:
        assert conexion.scalar(text("SELECT CAST(:ultima AS timestamptz)"), {"ultima": ultima}) == ultima
    motor.dispose()
