"""The tables of all read models by hand-written SQL, and their rows compared with those of the engine."""
# ruff: noqa: S608 - names of tables and columns come from the code's own declarations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from projections.motor.tabla import Tabla
from projections.registro import PROYECCIONES

SENTENCIAS = Path(__file__).with_name("reconstruir.sql").read_text(encoding="utf-8").split("--;")
AJUSTES = "SET synchronous_commit = off; SET maintenance_work_mem = '256MB'; SET work_mem = '64MB'"
TABLAS: tuple[Tabla[Any], ...] = tuple(tabla for proyeccion in PROYECCIONES for tabla in proyeccion.tablas)


def llenar(conexion: psycopg.Connection[Any], esquema: str) -> None:
    """Make all tables in ``esquema``, which must not exist, by one statement each, and index them.

    Raises the driver's errors; ValueError when there is a table without a statement.
    """
    conexion.execute(f"CREATE SCHEMA {esquema}")
    conexion.execute(f"{AJUSTES}; SET search_path = {esquema}, public")
    cursor = conexion.cursor()
    for tabla in TABLAS:
        replace(tabla, indices=()).crear(cursor, esquema)
    llenas = set()
    for sentencia in SENTENCIAS:
        nombre, _, orden = sentencia.partition("\n")
        cursor.execute(orden)
        llenas.add(nombre.strip())
    if faltan := {tabla.nombre for tabla in TABLAS} - llenas:
        raise ValueError(f"reconstruir.sql no llena {', '.join(sorted(faltan))}")
    indexar(cursor, TABLAS, esquema)


def indexar(cursor: Any, tablas: tuple[Tabla[Any], ...], esquema: str) -> None:
    """Make the indexes that these tables lack."""
    cursor.execute(AJUSTES)
    for tabla in tablas:
        for creacion in tabla.indices_que_faltan(cursor, esquema):
            cursor.execute(creacion)


def exigir_iguales(conexion: psycopg.Connection[Any], esquemas: dict[str, str], otro: str) -> None:
    """Both ways led to the same rows. ``esquemas`` tells where each table is; ``otro`` is the peer's schema.

    Raises AssertionError, which names a table and how many of its rows differ.
    """
    for tabla in TABLAS:
        uno = f"TABLE {esquemas[tabla.nombre]}.{tabla.nombre}"
        dos = f"TABLE {otro}.{tabla.nombre}"
        ((distintas,),) = conexion.execute(
            f"SELECT count(*) FROM (({uno} EXCEPT ALL {dos}) UNION ALL ({dos} EXCEPT ALL {uno})) AS distintas"
        ).fetchall()
        assert distintas == 0, f"{tabla.nombre}: {distintas} filas no son las mismas"
