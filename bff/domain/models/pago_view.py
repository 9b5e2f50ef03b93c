"""Payouts, as screens show them. Amounts are in major units of ``moneda``, times aware, in UTC, to the second."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bff.domain.models.auditoria import Auditoria
from bff.domain.models.pagina import Pagination


@dataclass(frozen=True, slots=True)
class PagosFilter:
    """Payouts for which all that is said holds; all bounds are inclusive.

    ``estados``: Spanish names; empty is any. ``fecha_desde`` and ``fecha_hasta`` (aware) bound fecha_creacion, the
    amounts are in whatever currency.
    """

    partner_id: str | None = None
    estados: frozenset[str] = frozenset()
    fecha_desde: datetime | None = None
    fecha_hasta: datetime | None = None
    monto_min: Decimal | None = None
    monto_max: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PagoRow:
    id: str
    partner_id: str
    cycle_id: str
    monto: Decimal
    moneda: str
    estado: str
    fecha_creacion: datetime
    fecha_completado: datetime | None


@dataclass(frozen=True, slots=True)
class Agregaciones:
    """Over the whole filter. The three counts add up to the list's total.

    ``total_monto`` is in ``moneda``, the currency of most payouts; 0 and None when there is none.
    """

    total_monto: Decimal
    moneda: str | None
    pagos_completados: int
    pagos_pendientes: int
    pagos_fallidos: int
    totales_por_moneda: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class PaginatedPayouts:
    data: tuple[PagoRow, ...]
    pagination: Pagination
    agregaciones: Agregaciones


@dataclass(frozen=True, slots=True)
class PagoReciente:
    """``fecha`` is when it was completed, else when it was created."""

    id: str
    partner_id: str
    monto: Decimal
    fecha: datetime


@dataclass(frozen=True, slots=True)
class ResumenPagos:
    total: int
    agregaciones: Agregaciones
    recientes: tuple[PagoReciente, ...]


@dataclass(frozen=True, slots=True)
class PagoDeCliente:
    """A payment on a client's or a campaign's page."""

    id: str
    monto: Decimal
    fecha: datetime
    estado: str


@dataclass(frozen=True, slots=True)
class MetodoPago:
    tipo: str | None
    mascara: str | None


@dataclass(frozen=True, slots=True)
class PagoView:
    id: str
    partner_id: str
    cycle_id: str
    monto: Decimal
    moneda: str
    estado: str
    metodo_pago: MetodoPago
    fecha_creacion: datetime
    fecha_procesamiento: datetime | None
    fecha_completado: datetime | None


@dataclass(frozen=True, slots=True)
class Transaccion:
    id: str
    tipo: str
    monto: Decimal
    descripcion: str


@dataclass(frozen=True, slots=True)
class PagoDetalle:
    """``version`` is the aggregate's, as far as it is shown."""

    pago: PagoView
    transacciones: tuple[Transaccion, ...]
    auditoria: Auditoria
    version: int
