"""Payouts that a needle finds: by what they name, which is kept and counted once for all of them, and by their ids."""
# ruff: noqa: S608  # the pieces of SQL are this room's own; what callers say travels as parameters

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, text

from projections.busqueda.plegado import plegar
from projections.busqueda.relevancia import nivel, patrones, relevancia_de
from projections.payouts.conteos import POR_ESTADO

PREFIJO = "payout-"
LETRAS_DE_ID = frozenset(PREFIJO + "0123456789abcdef")
"""A needle with any other letter is in no id: they are PREFIJO and a UUID."""

_COLUMNAS = "p.id, p.partner_id, p.cycle_id, p.monto, p.moneda, p.fecha_creacion, p.fecha_completado"
# The newest payout of each pair of names is known: the newest of all are among those of the newest pairs.
_NOMBRADOS = text(
    f"""
    WITH hallados AS (
        SELECT partner_id, cycle_id, pagos, reciente, sum(pagos) OVER () AS total,
            {nivel("busqueda")} AS nivel
        FROM payouts_referencias WHERE busqueda LIKE :contiene
        ORDER BY nivel DESC, reciente DESC, ultimo DESC LIMIT :limite
    )
    SELECT {_COLUMNAS}, h.total
    FROM hallados h CROSS JOIN LATERAL (
        SELECT * FROM payouts p
        WHERE p.partner_id = h.partner_id AND p.cycle_id = h.cycle_id AND p.fecha_creacion <= h.reciente
        ORDER BY p.fecha_creacion DESC, p.id DESC LIMIT least(:limite, h.pagos)
    ) p
    ORDER BY h.nivel DESC, p.fecha_creacion DESC, p.id DESC LIMIT :limite
    """
)
# Ids are read from the index of the newest: an index of their parts would cost each payout more than all its others.
_POR_ID = text(
    f"""
    SELECT {_COLUMNAS} FROM payouts p WHERE p.id IN (
        SELECT id FROM payouts WHERE id LIKE :de_id AND fecha_creacion <= :reciente
        ORDER BY fecha_creacion DESC, id DESC LIMIT :faltan
    )
    """
)
_CUANTOS_POR_ID = text("SELECT count(*) AS cuantos, max(fecha_creacion) AS reciente FROM payouts WHERE id LIKE :de_id")
_TODOS = text(f"SELECT (SELECT sum(pagos) FROM {POR_ESTADO.nombre}), (SELECT max(fecha_creacion) FROM payouts)")
# Those that are found by name too are not counted again.
_TAMBIEN_NOMBRADOS = text(
    """
    SELECT count(*) FROM payouts p
    JOIN payouts_referencias r ON r.partner_id = p.partner_id AND r.cycle_id = p.cycle_id
    WHERE p.id LIKE :de_id AND r.busqueda LIKE :contiene
    """
)


@dataclass(frozen=True)
class PagoHallado:
    """``monto`` is in major units of ``moneda``."""

    id: str
    partner_id: str
    cycle_id: str
    monto: Decimal
    moneda: str
    fecha_creacion: datetime
    fecha_completado: datetime | None
    relevancia: float

    @property
    def fecha(self) -> datetime:
        """When it was completed, else when it was created."""
        return self.fecha_completado or self.fecha_creacion


def buscar_pagos(con: Connection, aguja: str, limite: int) -> tuple[int, tuple[PagoHallado, ...]]:
    """How many payouts hold a folded needle, and the most relevant ``limite`` of them."""
    valores: dict[str, Any] = {**patrones(aguja), "limite": limite}
    nombrados = con.execute(_NOMBRADOS, valores).all()
    total = int(nombrados[0].total) if nombrados else 0
    por_id: Sequence[Row[Any]] = []
    if LETRAS_DE_ID.issuperset(aguja):
        # A needle that begins with PREFIJO can only be at the beginning, which the primary key answers.
        valores["de_id"] = valores["contiene"][aguja.startswith(PREFIJO) :]
        son_todos = aguja in PREFIJO
        cuantos, reciente = con.execute(_TODOS if son_todos else _CUANTOS_POR_ID, valores).one()
        if cuantos:
            por_id = con.execute(_POR_ID, {**valores, "reciente": reciente, "faltan": min(limite, cuantos)}).all()
            repetidos = total if son_todos or not nombrados else con.scalar(_TAMBIEN_NOMBRADOS, valores) or 0
            total += int(cuantos) - repetidos
    return total, _mejores((_hallado(fila, aguja) for fila in (*nombrados, *por_id)), limite)


def _hallado(fila: Row[Any], aguja: str) -> PagoHallado:
    textos = [plegar(texto) for texto in (fila.id, fila.partner_id, fila.cycle_id)]
    propios = {campo: valor for campo, valor in fila._mapping.items() if campo != "total"}
    return PagoHallado(**propios, relevancia=relevancia_de(textos, aguja))


def _mejores(hallados: Iterable[PagoHallado], limite: int) -> tuple[PagoHallado, ...]:
    distintos = {uno.id: uno for uno in hallados}.values()
    orden = sorted(distintos, key=lambda uno: (uno.relevancia, uno.fecha_creacion, uno.id), reverse=True)
    return tuple(orden[:limite])
