"""Query tables of any size, each size in a schema of its own, filled by SQL."""

from pathlib import Path

import psycopg
from psycopg import sql

from projections.registro import PROYECCIONES

LLENAR = Path(__file__).with_name("llenar.sql")


def llenar(db_url: str, esquema: str, payouts: int, clientes: int) -> None:
    """Make the schema in a migrated database: so many payouts and clients, and as many campaigns."""
    tablas = [tabla for proyeccion in PROYECCIONES for tabla in proyeccion.tablas]
    with psycopg.connect(db_url, autocommit=True) as conexion, conexion.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(esquema)))
        cursor.execute(sql.SQL("SET search_path = {}, public").format(sql.Identifier(esquema)))
        for tabla in tablas:
            tabla.crear(cursor, esquema, indices=False)
        cursor.execute("SELECT set_config('banco.payouts', %s, false)", [str(payouts)])
        cursor.execute("SELECT set_config('banco.clientes', %s, false)", [str(clientes)])
        cursor.execute(LLENAR.read_bytes())
        for tabla in tablas:
            for orden in tabla.indices_que_faltan(cursor, esquema):
                cursor.execute(orden.encode())
            cursor.execute(f"VACUUM ANALYZE {tabla.nombre}".encode())
