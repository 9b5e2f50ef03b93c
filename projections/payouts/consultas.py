"""What is asked about payouts."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select, text

from projections.payouts.agregados import Agregados, agregar
from projections.payouts.filtro import Filtro
from projections.payouts.paginas import filas_de_pagina
from projections.payouts.tabla import PAYOUTS, FilaDePayout

DESCRIPCIONES = {"COMISION": "Comisión por el pago", "REVERSO_COMISION": "Devolución de la comisión"}
"""How each type of transaction is told to people."""

_TRANSACCIONES = text(
    "SELECT id, tipo, comision, moneda, fecha FROM transactions WHERE payout_id = :id ORDER BY fecha, length(id), id"
)


@dataclass(frozen=True)
class PagoEnLista:
    """A payout as lists show it. Amounts are in major units of ``moneda``, dates aware."""

    id: str
    partner_id: str
    cycle_id: str
    monto: Decimal
    moneda: str
    estado: str
    fecha_creacion: datetime
    fecha_completado: datetime | None

    @property
    def fecha(self) -> datetime:
        """When it was completed, else when it was created."""
        return self.fecha_completado or self.fecha_creacion


COLUMNAS = ", ".join(PagoEnLista.__dataclass_fields__)
"""What a query selects to make a PagoEnLista."""


@dataclass(frozen=True)
class PaginaDePagos:
    """``agregados`` are over the whole filter, of the same moment as ``filas``."""

    filas: tuple[PagoEnLista, ...]
    agregados: Agregados


@dataclass(frozen=True)
class Transaccion:
    """A line of a payout: COMISION positive, REVERSO_COMISION negative, in major units of ``moneda``."""

    id: str
    tipo: str
    monto: Decimal
    moneda: str
    fecha: datetime

    @property
    def descripcion(self) -> str:
        """What it is, in Spanish."""
        return DESCRIPCIONES[self.tipo]


@dataclass(frozen=True)
class DetalleDePago:
    """A payout with its transactions, in the order they came. How it was to be paid: payment_method_type, _mask."""

    pago: FilaDePayout
    transacciones: tuple[Transaccion, ...]


def payout(con: Connection, id: str) -> FilaDePayout | None:
    """A payout, or None when its creation has not arrived here."""
    fila = con.execute(select(PAYOUTS.sql).where(PAYOUTS.sql.c.id == id)).one_or_none()
    return None if fila is None else FilaDePayout(*fila)


def detalle(con: Connection, id: str) -> DetalleDePago | None:
    """A payout and its transactions, or None when its creation has not arrived here. ``con`` is a ``foto``."""
    pago = payout(con, id)
    if pago is None:
        return None
    return DetalleDePago(pago, tuple(Transaccion(*fila) for fila in con.execute(_TRANSACCIONES, {"id": id})))


def listar(con: Connection, filtro: Filtro, pagina: int = 1, por_pagina: int = 20) -> PaginaDePagos:
    """A page of the payouts of ``filtro``, newest first, and what all of them amount to. ``con`` is a ``foto``.

    ``pagina`` counts from 1; beyond the last one there are no rows.
    """
    agregados = agregar(con, filtro)
    salto = (pagina - 1) * por_pagina
    if salto >= agregados.total:
        return PaginaDePagos((), agregados)
    filas = filas_de_pagina(con, filtro, COLUMNAS, salto, por_pagina)
    return PaginaDePagos(tuple(PagoEnLista(*fila) for fila in filas), agregados)
