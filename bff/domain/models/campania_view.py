"""Campaigns, as screens show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bff.domain.models.auditoria import Auditoria
from bff.domain.models.pagina import Pagination
from bff.domain.models.pago_view import PagoDeCliente


@dataclass(frozen=True, slots=True)
class CampaniasFilter:
    """``estados``: Spanish names; empty is any."""

    estados: frozenset[str] = frozenset()
    cliente_id: str | None = None


@dataclass(frozen=True, slots=True)
class CampaniaRow:
    """``cliente_nombre`` is None while its client is not registered, or forgotten."""

    id: str
    nombre: str
    cliente_id: str
    cliente_nombre: str | None
    estado: str
    fecha_inicio: datetime | None
    fecha_fin: datetime | None
    presupuesto: Decimal | None
    gasto_actual: Decimal


@dataclass(frozen=True, slots=True)
class PaginatedCampanias:
    data: tuple[CampaniaRow, ...]
    pagination: Pagination


@dataclass(frozen=True, slots=True)
class ResumenCampanias:
    total: int
    por_estado: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FichaDeCampania:
    """What the campaign service knows of one campaign. ``version`` is the aggregate's."""

    campania: CampaniaRow
    itinerario: tuple[str, ...]
    moneda: str | None
    auditoria: Auditoria
    version: int


@dataclass(frozen=True, slots=True)
class CampaniaDetalle:
    """``notas`` say which parts are missing, and why; ``entera``: nothing of it is that could be had now."""

    campania: CampaniaRow
    itinerario: tuple[str, ...]
    moneda: str | None
    pagos: tuple[PagoDeCliente, ...]
    auditoria: Auditoria
    version: int
    notas: Mapping[str, str]
    entera: bool
