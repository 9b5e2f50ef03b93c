"""Whole days, months or tramos within a filter's bounds: what kept counts can answer, and what is left at the ends."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from projections.payouts.conteos import POR_DIA, POR_MES, POR_TRAMO, dia_de, mes_de, paso_de_tramo, tramo_de

ULTIMO_ANO = 9999
"""The year after which Python knows no day. No payout is of it."""


@dataclass(frozen=True)
class Unidad:
    """By what a table of counts divides payouts. ``columna`` is the cell's, ``de_fila`` the payout's.

    ``celda`` gives the cell of a value, ``siguiente`` the cell after one, ``inicio`` the least value in one; ``grano``
    is what to add to a value for the next one that a payout can have (0 when that is anything).
    """

    tabla: str
    columna: str
    de_fila: str
    celda: Callable[[Any], Any]
    siguiente: Callable[[Any], Any]
    inicio: Callable[[Any], Any]
    grano: Any

    def enteras(self, desde: Any, hasta: Any) -> tuple[Any, Any]:
        """The cells that lie wholly within two inclusive bounds: the first, and the first beyond. None: no bound."""
        primera = None
        if desde is not None:
            primera = self.celda(desde)
            if self.inicio(primera) != desde:
                primera = self.siguiente(primera)
        return primera, None if hasta is None else self.celda(hasta + self.grano)


def _medianoche(dia: date) -> datetime:
    return datetime.combine(dia, time(), UTC)


def _dia_siguiente(dia: date) -> date:
    return dia + timedelta(days=1)


def _mes_siguiente(mes: date) -> date:
    return (mes + timedelta(days=31)).replace(day=1)


def _tramo_siguiente(tramo: Decimal) -> Decimal:
    return tramo + paso_de_tramo(tramo)


_MICRO = timedelta(microseconds=1)
DIAS = Unidad(POR_DIA.nombre, "dia", "fecha_creacion", dia_de, _dia_siguiente, _medianoche, _MICRO)
MESES = Unidad(POR_MES.nombre, "mes", "fecha_creacion", mes_de, _mes_siguiente, _medianoche, _MICRO)
TRAMOS = Unidad(POR_TRAMO.nombre, "tramo", "monto", tramo_de, _tramo_siguiente, lambda tramo: tramo, Decimal(0))


def fechas_contables(desde: datetime | None, hasta: datetime | None) -> tuple[datetime | None, datetime | None] | None:
    """Bounds without one that bounds nothing; None when nothing lies within them."""
    if desde is not None and desde.year >= ULTIMO_ANO:
        return None
    return desde, None if hasta is None or hasta.year >= ULTIMO_ANO else hasta
