"""What all payouts of a filter amount to: by kept counts wherever the filter fits them, else counted."""
# ruff: noqa: S608  # the pieces of SQL are this room's own; what callers say travels as parameters

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Connection, text

from domain.base.monedas import moneda_principal
from projections.payouts.conteos import POR_ESTADO, POR_PARTNER
from projections.payouts.filtro import CUBETAS, Filtro
from projections.payouts.tabla import PAYOUTS
from projections.payouts.unidades import DIAS, MESES, TRAMOS, Unidad, fechas_contables


class Parte(NamedTuple):
    """Rows or cells to add up: their table, and which of them."""

    tabla: str
    condiciones: list[str]


@dataclass(frozen=True)
class Agregados:
    """Over the whole filter. The three counts are the buckets PENDING, COMPLETED and FAILED, and add up to ``total``.

    ``totales_por_moneda``: amounts in major units, every state, by currency. ``total_monto`` is that of ``moneda``, the
    currency of most payouts (ties by code); 0 and None when there is none.
    """

    total: int
    pagos_pendientes: int
    pagos_completados: int
    pagos_fallidos: int
    totales_por_moneda: Mapping[str, Decimal]
    total_monto: Decimal
    moneda: str | None


def agregar(con: Connection, filtro: Filtro) -> Agregados:
    """Count and add up the payouts of ``filtro``, as of the connection's moment."""
    valores = filtro.valores
    # Cells of several parts may be the same ones: ``resumir`` adds them up.
    consulta = " UNION ALL ".join(_sumar(parte) for parte in _partes(filtro, valores))
    return resumir(con.execute(text(consulta), valores).tuples())


def resumir(celdas: Iterable[tuple[str, str, int, Decimal]]) -> Agregados:
    """Add up cells: state, currency, payouts, amount."""
    por_estado: dict[str, int] = {}
    por_moneda: dict[str, int] = {}
    montos: dict[str, Decimal] = {}
    for estado, moneda, pagos, monto in celdas:
        por_estado[estado] = por_estado.get(estado, 0) + int(pagos)
        por_moneda[moneda] = por_moneda.get(moneda, 0) + int(pagos)
        montos[moneda] = montos.get(moneda, Decimal(0)) + monto
    principal = moneda_principal(por_moneda)
    cubetas = {nombre: sum(por_estado.get(estado, 0) for estado in suyos) for nombre, suyos in CUBETAS.items()}
    return Agregados(
        total=sum(por_estado.values()),
        pagos_pendientes=cubetas["PENDING"],
        pagos_completados=cubetas["COMPLETED"],
        pagos_fallidos=cubetas["FAILED"],
        totales_por_moneda={moneda: montos[moneda] for moneda in sorted(montos)},
        total_monto=montos[principal] if principal is not None else Decimal(0),
        moneda=principal,
    )


def _sumar(parte: Parte) -> str:
    pagos = "count(*)" if parte.tabla == PAYOUTS.nombre else "sum(pagos)"
    donde = f" WHERE {' AND '.join(parte.condiciones)}" if parte.condiciones else ""
    return f"SELECT estado, moneda, {pagos} AS pagos, sum(monto) AS monto FROM {parte.tabla}{donde} GROUP BY 1, 2"


def _partes(filtro: Filtro, valores: dict[str, Any]) -> list[Parte]:
    """The cells and rows that make up a filter. Adds to ``valores`` what their conditions name."""
    contadas = [Parte(PAYOUTS.nombre, [*filtro.de_estado(), *filtro.de_fila()])]
    if filtro.con_montos:
        solo_montos = filtro.partner_id is None and not filtro.con_fechas
        if not solo_montos or (filtro.monto_max is not None and filtro.monto_max <= 0):
            return contadas
        minimo = filtro.monto_min if filtro.monto_min is not None and filtro.monto_min > 0 else None
        return _por_unidades(TRAMOS, filtro, minimo, filtro.monto_max, valores) or contadas
    if not filtro.con_fechas:
        return [Parte((POR_ESTADO if filtro.partner_id is None else POR_PARTNER).nombre, filtro.de_celda())]
    fechas = fechas_contables(filtro.desde, filtro.hasta)
    if fechas is None:
        return contadas
    return _por_unidades(DIAS if filtro.partner_id is None else MESES, filtro, *fechas, valores) or contadas


def _por_unidades(unidad: Unidad, filtro: Filtro, desde: Any, hasta: Any, valores: dict[str, Any]) -> list[Parte]:
    """Whole cells, and the rows at both ends; nothing when no cell lies wholly within the bounds."""
    primera, ultima = unidad.enteras(desde, hasta)
    if primera is not None and ultima is not None and primera >= ultima:
        return []
    columna, de_fila, celdas = unidad.columna, unidad.de_fila, filtro.de_celda()
    partes = []
    if primera is not None:
        valores |= {"primera": primera, "borde_desde": desde, "borde_hasta": unidad.inicio(primera)}
        if desde < unidad.inicio(primera):
            borde = [f"{de_fila} >= :borde_desde", f"{de_fila} < :borde_hasta"]
            partes.append(Parte(PAYOUTS.nombre, [*filtro.de_celda(), *borde]))
        celdas.append(f"{columna} >= :primera")
    if ultima is not None:
        valores |= {"ultima": ultima, "resto_desde": unidad.inicio(ultima), "resto_hasta": hasta}
        if unidad.inicio(ultima) <= hasta:
            resto = [f"{de_fila} >= :resto_desde", f"{de_fila} <= :resto_hasta"]
            partes.append(Parte(PAYOUTS.nombre, [*filtro.de_celda(), *resto]))
        celdas.append(f"{columna} < :ultima")
    return [Parte(unidad.tabla, celdas), *partes]
