"""The rows of one page, however deep: kept counts say in which day or month it begins."""
# ruff: noqa: S608  # the pieces of SQL are this room's own; what callers say travels as parameters

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, text

from projections.motor.pagina import HONDO, Lista
from projections.payouts.filtro import Filtro
from projections.payouts.tabla import PAYOUTS
from projections.payouts.unidades import DIAS, MESES, fechas_contables


def filas_de_pagina(con: Connection, filtro: Filtro, columnas: str, salto: int, cuantas: int) -> Sequence[Row[Any]]:
    """``cuantas`` payouts of ``filtro``, newest first, after ``salto`` of them, of which there are more."""
    condiciones, valores = filtro.de_fila(), filtro.valores
    comienzo = _comienzo(con, filtro, salto) if salto >= HONDO else None
    if comienzo is not None:
        condiciones.append("fecha_creacion < :antes_de")
        valores["antes_de"], salto = comienzo
    lista = Lista(PAYOUTS.nombre, condiciones, "fecha_creacion", valores, filtro.elegidos)
    return lista.pagina(con, columnas, salto, cuantas)


def _comienzo(con: Connection, filtro: Filtro, salto: int) -> tuple[Any, int] | None:
    """Before which instant the page begins, and how many rows to pass over from there; None when no count tells."""
    fechas = fechas_contables(filtro.desde, filtro.hasta)
    if filtro.con_montos or fechas is None:
        return None
    unidad = DIAS if filtro.partner_id is None else MESES
    desde, hasta = fechas
    _, ultima = unidad.enteras(None, hasta)
    if ultima is not None and unidad.inicio(ultima) <= hasta:
        return None
    columna, condiciones = unidad.columna, filtro.de_celda()
    if desde is not None:
        condiciones.append(f"{columna} >= :primera")
    if ultima is not None:
        condiciones.append(f"{columna} < :ultima")
    donde = f" WHERE {' AND '.join(condiciones)}" if condiciones else ""
    consulta = (
        f"SELECT celda, antes FROM (SELECT {columna} AS celda,"
        f" sum(sum(pagos)) OVER (ORDER BY {columna} DESC) - sum(pagos) AS antes"
        f" FROM {unidad.tabla}{donde} GROUP BY {columna}) c WHERE antes <= :salto ORDER BY antes DESC LIMIT 1"
    )
    primera = None if desde is None else unidad.celda(desde)
    valores = {**filtro.valores, "primera": primera, "ultima": ultima, "salto": salto}
    celda, antes = con.execute(text(consulta), valores).one()
    return unidad.inicio(unidad.siguiente(celda)), salto - int(antes)
