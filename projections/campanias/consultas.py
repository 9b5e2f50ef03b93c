"""What is asked about campaigns."""
# ruff: noqa: S608  # the pieces of SQL are this room's own; what callers say travels as parameters

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select, text

from domain.campanias.estado import Estado
from projections.campanias.conteos import POR_CLIENTE, POR_ESTADO
from projections.campanias.tabla import CAMPANIAS, FilaDeCampania
from projections.motor.pagina import Lista, elegidos, guardable

_VENCIDAS = text(
    "SELECT id FROM campanias WHERE estado = 'APROBADA' AND fecha_inicio <= :ahora"
    " UNION SELECT id FROM campanias WHERE estado IN ('APROBADA', 'ACTIVA', 'PAUSADA') AND fecha_fin <= :ahora"
)
_NOMBRE = text("SELECT nombre FROM clientes WHERE id = :id")
_POR_ESTADO = text(f"SELECT estado, campanias FROM {POR_ESTADO.nombre} ORDER BY estado")


@dataclass(frozen=True)
class CampaniaEnLista:
    """A campaign as lists show it. ``cliente_nombre`` is None while its client is not registered, or forgotten.

    Amounts are in major units of ``moneda``, dates aware.
    """

    id: str
    nombre: str
    cliente_id: str
    cliente_nombre: str | None
    estado: str
    fecha_inicio: datetime | None
    fecha_fin: datetime | None
    presupuesto: Decimal | None
    gasto_actual: Decimal
    moneda: str | None


COLUMNAS = ", ".join(
    # Looked up row by row, as few rows as a page has: it always is the name that the client has now.
    "(SELECT nombre FROM clientes k WHERE k.id = campanias.cliente_id)" if columna == "cliente_nombre" else columna
    for columna in CampaniaEnLista.__dataclass_fields__
)
"""What a query selects to make a CampaniaEnLista."""


@dataclass(frozen=True)
class PaginaDeCampanias:
    """``total`` campaigns match, of the same moment as ``filas``."""

    filas: tuple[CampaniaEnLista, ...]
    total: int


SIGNIFICADOS = {estado.name: {estado} for estado in Estado}


def estados(texto: str) -> frozenset[Estado]:
    """The states that a filter names: a comma list, in any case. Raises PalabraDesconocida."""
    return elegidos(texto, SIGNIFICADOS)


def campania(con: Connection, id: str) -> FilaDeCampania | None:
    """A campaign, or None when its creation has not arrived here."""
    fila = con.execute(select(CAMPANIAS.sql).where(CAMPANIAS.sql.c.id == id)).one_or_none()
    return None if fila is None else FilaDeCampania(*fila)


def con_fecha_vencida(con: Connection, ahora: datetime) -> list[str]:
    """Ids of the campaigns that the clock should look at: one of their dates (aware) has come by ``ahora``."""
    return list(con.scalars(_VENCIDAS, {"ahora": ahora}))


def nombre_de_cliente(con: Connection, id: str) -> str | None:
    """What a client is called now; None while it is not registered, or forgotten."""
    nombre: str | None = con.scalar(_NOMBRE, {"id": id})
    return nombre


def listar(
    con: Connection,
    *,
    de_estados: Collection[Estado] = (),
    cliente_id: str | None = None,
    pagina: int = 1,
    por_pagina: int = 20,
) -> PaginaDeCampanias:
    """A page of the campaigns in ``de_estados`` (empty: any) and of ``cliente_id``, newest first, and their number.

    ``pagina`` counts from 1. ``con`` is a ``foto``.
    """
    suyos = sorted(de_estados) if len(set(de_estados)) < len(Estado) else []
    valores = {"estados": suyos, "cliente_id": None if cliente_id is None else guardable(cliente_id)}
    de_cliente = ["cliente_id = :cliente_id"] if cliente_id is not None else []
    condiciones = [*(["estado = ANY(:estados)"] if suyos else []), *de_cliente]
    tabla = POR_ESTADO if cliente_id is None else POR_CLIENTE
    donde = f" WHERE {' AND '.join(condiciones)}" if condiciones else ""
    total = int(con.scalar(text(f"SELECT coalesce(sum(campanias), 0) FROM {tabla.nombre}{donde}"), valores) or 0)
    salto = (pagina - 1) * por_pagina
    if salto >= total:
        return PaginaDeCampanias((), total)
    lista = Lista(CAMPANIAS.nombre, de_cliente, "fecha_creacion", valores, suyos)
    filas = lista.pagina(con, COLUMNAS, salto, por_pagina)
    return PaginaDeCampanias(tuple(CampaniaEnLista(*fila) for fila in filas), total)


def por_estado(con: Connection) -> dict[str, int]:
    """How many campaigns there are in each state that has any: kept, not counted."""
    return {fila.estado: fila.campanias for fila in con.execute(_POR_ESTADO)}
