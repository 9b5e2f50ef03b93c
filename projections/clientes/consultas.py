"""What is asked about clients."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from sqlalchemy import Connection, TextClause, select, text

from projections.busqueda.plegado import contiene, plegar
from projections.clientes.conteo import CONTEO
from projections.clientes.tabla import CLIENTES, FilaDeCliente
from projections.motor.pagina import Lista
from projections.payouts.consultas import COLUMNAS as COLUMNAS_DE_PAGO
from projections.payouts.consultas import PagoEnLista

RECIENTES = 5
"""Payments that a client's detail shows, at most."""
Campo = Literal["nombre", "fecha_registro"]
Sentido = Literal["asc", "desc"]

_TOTALES = text("SELECT moneda, monto FROM clientes_totales WHERE cliente_id = :id ORDER BY moneda")
# One statement is of one moment. Who is no client here yet has totals all the same.
_PAGADO = text(
    "SELECT (SELECT coalesce(sum(pagos), 0)::bigint FROM clientes_totales WHERE cliente_id = :id),"
    " (SELECT max(completado_en) FROM clientes_vinculos WHERE cliente_id = :id AND completado_en IS NOT NULL)"
)

# A payment is its partner's until its campaign is known: what was moved away once counted here.
_VINCULADOS = text(
    "SELECT payout_id FROM clientes_vinculos WHERE cliente_id = :id UNION ALL SELECT payout_id FROM clientes_vinculos"
    " WHERE partner_id = :id AND cliente_id <> partner_id AND NOT cliente_dicho ORDER BY payout_id"
)


def _pagos_por(columna: str) -> TextClause:
    de_pago = ", ".join(f"p.{una}" for una in COLUMNAS_DE_PAGO.split(", "))
    return text(
        f"SELECT {de_pago} FROM clientes_vinculos v JOIN payouts p ON p.id = v.payout_id"  # noqa: S608 - names of columns
        f" WHERE v.{columna} = :id ORDER BY v.creado_en DESC, v.payout_id DESC LIMIT :cuantos"
    )


_PAGOS, _PAGOS_DE_CAMPANIA = _pagos_por("cliente_id"), _pagos_por("campania_id")
_CAMPANIAS = text(
    "SELECT id, nombre, estado FROM campanias WHERE cliente_id = :id AND estado IN ('APROBADA', 'ACTIVA', 'PAUSADA')"
    " ORDER BY fecha_creacion DESC, id DESC"
)
_TODOS = text(f"SELECT coalesce(sum(clientes), 0) FROM {CONTEO.tabla.nombre}")  # noqa: S608 - a declared name
# The index is of the column that holds nombre and email: it narrows down what nombre alone decides.
_HALLA, _HALLA_POR_NOMBRE = "busqueda LIKE :patron", "busqueda LIKE :patron AND nombre_plegado LIKE :patron"


@dataclass(frozen=True)
class ClienteEnLista:
    """A client as lists show it. ``total_pagos`` and ``ultimo_pago`` are over payouts that are COMPLETADO now."""

    id: str
    nombre: str
    email: str
    fecha_registro: datetime
    total_pagos: int
    ultimo_pago: datetime | None


COLUMNAS = ", ".join(ClienteEnLista.__dataclass_fields__)
"""What a query selects to make a ClienteEnLista."""


@dataclass(frozen=True)
class PaginaDeClientes:
    """``total`` clients match, of the same moment as ``filas``."""

    filas: tuple[ClienteEnLista, ...]
    total: int


@dataclass(frozen=True)
class CampaniaDeCliente:
    """A campaign of a client that was paid for and is not over."""

    id: str
    nombre: str
    estado: str


def cliente(con: Connection, id: str) -> FilaDeCliente | None:
    """A client, or None when the registration has not arrived here. ``estado`` of the forgotten is ANONIMIZADO."""
    hallada = con.execute(select(CLIENTES.sql).where(CLIENTES.sql.c.id == id)).one_or_none()
    if hallada is None:
        return None
    fila = FilaDeCliente(*hallada)
    if fila.busqueda is None:
        # Her data went before the rest of her stream was taken in, which is parked.
        fila.estado = "ANONIMIZADO"
    return fila


def totales_por_moneda(con: Connection, id: str) -> dict[str, Decimal]:
    """What a client was paid and not asked back, in major units, by currency."""
    return {fila.moneda: fila.monto for fila in con.execute(_TOTALES, {"id": id})}


def pagado(con: Connection, id: str) -> tuple[int, datetime | None]:
    """``total_pagos`` and ``ultimo_pago`` of a client, also of one whose registration has not arrived here."""
    total, ultimo = con.execute(_PAGADO, {"id": id}).one()
    return total, ultimo


def vinculados(con: Connection, id: str) -> list[str]:
    """Ids of the payouts, in any state, that are linked to a client, or were before their campaign was known."""
    return list(con.scalars(_VINCULADOS, {"id": id}))


def pagos_recientes(con: Connection, id: str) -> tuple[PagoEnLista, ...]:
    """The newest payments of a client, or of a partner that is none, in any state."""
    return tuple(PagoEnLista(*fila) for fila in con.execute(_PAGOS, {"id": id, "cuantos": RECIENTES}))


def pagos_de_campania(con: Connection, id: str, cuantos: int) -> tuple[PagoEnLista, ...]:
    """The newest payments of a campaign, in any state, so many at most."""
    return tuple(PagoEnLista(*fila) for fila in con.execute(_PAGOS_DE_CAMPANIA, {"id": id, "cuantos": cuantos}))


def campanias_activas(con: Connection, id: str) -> tuple[CampaniaDeCliente, ...]:
    """The campaigns of a client that were paid for and are not over, newest first."""
    return tuple(CampaniaDeCliente(*fila) for fila in con.execute(_CAMPANIAS, {"id": id}))


def listar(
    con: Connection,
    *,
    buscar: str = "",
    por_email: bool = True,
    orden: Campo = "fecha_registro",
    sentido: Sentido = "desc",
    pagina: int = 1,
    por_pagina: int = 20,
) -> PaginaDeClientes:
    """A page of the clients whose nombre or email holds ``buscar``, accents and case aside, and how many there are.

    Not ``por_email``: by nombre alone, for who may not see emails and could guess one letter by letter. Ties go by id,
    in the same direction. The forgotten are not among them. ``pagina`` counts from 1. ``con`` is a ``foto``.
    """
    # What is not spelled out here is not SQL.
    columna = {"nombre": "nombre_plegado", "fecha_registro": "fecha_registro"}[orden]
    aguja = plegar(buscar)
    valores = {"patron": contiene(aguja)} if aguja else {}
    hallar = _HALLA if por_email else _HALLA_POR_NOMBRE
    contar = text(f"SELECT count(*) FROM {CLIENTES.nombre} WHERE {hallar}") if aguja else _TODOS  # noqa: S608 - as above
    total = int(con.scalar(contar, valores) or 0)
    salto = (pagina - 1) * por_pagina
    if salto >= total:
        return PaginaDeClientes((), total)
    condiciones = [hallar] if aguja else ["busqueda IS NOT NULL"]
    lista = Lista(CLIENTES.nombre, condiciones, columna, valores, sube=sentido == "asc")
    return PaginaDeClientes(
        tuple(ClienteEnLista(*fila) for fila in lista.pagina(con, COLUMNAS, salto, por_pagina)), total
    )
