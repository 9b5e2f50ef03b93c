"""The SQL that one would write by hand for the answers of the harder lists: counted and searched where they stand."""

from collections.abc import Sequence
from typing import Any

import psycopg

COLUMNAS = "id, partner_id, cycle_id, monto, moneda, estado, fecha_creacion, fecha_completado"
Pedido = tuple[str, dict[str, Any]]


def pagos(donde: str, valores: dict[str, Any], pagina: int = 1) -> list[Pedido]:
    """A page of twenty payouts for which ``donde`` holds, and what all of them amount to."""
    filtro = f"FROM payouts WHERE {donde}"
    return [
        (f"SELECT estado, moneda, count(*), sum(monto) {filtro} GROUP BY 1, 2", valores),
        (
            f"SELECT {COLUMNAS} {filtro} ORDER BY fecha_creacion DESC, id DESC LIMIT 20 OFFSET %(salto)s",
            {**valores, "salto": 20 * (pagina - 1)},
        ),
    ]


def clientes(aguja: str) -> list[Pedido]:
    """The newest twenty clients whose name or email holds a folded needle, and how many there are."""
    valores = {"patron": f"%{aguja}%"}
    return [
        ("SELECT count(*) FROM clientes WHERE busqueda LIKE %(patron)s", valores),
        (
            "SELECT id, nombre, email, fecha_registro, total_pagos, ultimo_pago FROM clientes"
            " WHERE busqueda LIKE %(patron)s ORDER BY fecha_registro DESC, id DESC LIMIT 20",
            valores,
        ),
    ]


def busqueda(aguja: str) -> list[Pedido]:
    """The best five clients, payouts and campaigns for a folded needle, and how many there are of each."""
    valores = {"aguja": aguja, "comienzo": f"{aguja}%", "patron": f"%{aguja}%"}
    return [
        (
            _MEJORES.format(columnas=columnas, tabla=tabla, donde=donde, igual=igual, comienzo=comienzo, fecha=fecha),
            valores,
        )
        for columnas, tabla, donde, igual, comienzo, fecha in (
            (
                "id, nombre, email",
                "clientes",
                "busqueda IS NOT NULL AND (busqueda LIKE %(patron)s OR lower(id) LIKE %(patron)s)",
                "lower(id) = %(aguja)s OR nombre_plegado = %(aguja)s OR lower(email) = %(aguja)s",
                "lower(id) LIKE %(comienzo)s OR nombre_plegado LIKE %(comienzo)s OR lower(email) LIKE %(comienzo)s",
                "fecha_registro",
            ),
            (
                "id, partner_id, cycle_id, monto, moneda, fecha_creacion, fecha_completado",
                "payouts",
                "id LIKE %(patron)s OR lower(partner_id) LIKE %(patron)s OR lower(cycle_id) LIKE %(patron)s",
                "id = %(aguja)s OR lower(partner_id) = %(aguja)s OR lower(cycle_id) = %(aguja)s",
                "id LIKE %(comienzo)s OR lower(partner_id) LIKE %(comienzo)s OR lower(cycle_id) LIKE %(comienzo)s",
                "fecha_creacion",
            ),
            (
                "id, nombre, cliente_id",
                "campanias",
                "busqueda LIKE %(patron)s",
                "busqueda LIKE E'%%\\n' || %(aguja)s || E'\\n%%'",
                "busqueda LIKE E'%%\\n' || %(comienzo)s",
                "fecha_creacion",
            ),
        )
    ]


_MEJORES = """
    SELECT {columnas}, CASE WHEN {igual} THEN 1.0 WHEN {comienzo} THEN 0.7 ELSE 0.4 END AS relevancia,
        count(*) OVER () AS total
    FROM {tabla} WHERE {donde} ORDER BY relevancia DESC, {fecha} DESC, id DESC LIMIT 5
"""


def responder(conexion: psycopg.Connection[Any], pedidos: Sequence[Pedido]) -> list[list[tuple[Any, ...]]]:
    """The rows of each query, all of one moment."""
    with conexion.transaction():
        return [conexion.execute(consulta.encode(), valores).fetchall() for consulta, valores in pedidos]


def conectar(db_url: str, esquema: str) -> psycopg.Connection[Any]:
    """A connection for hand-written SQL over the tables of a schema."""
    conexion = psycopg.connect(db_url, options=f"-c search_path={esquema},public", prepare_threshold=None)
    conexion.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    conexion.read_only = True
    return conexion
