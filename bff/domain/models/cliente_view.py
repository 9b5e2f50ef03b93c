"""Clients, as screens show them. Personal data are None once the person was forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bff.domain.models.pagina import Pagination
from bff.domain.models.pago_view import PagoDeCliente

Campo = Literal["nombre", "fecha_registro"]
Sentido = Literal["asc", "desc"]
ANONIMIZADO = "ANONIMIZADO"


@dataclass(frozen=True, slots=True)
class ClientesFilter:
    """``search`` is looked for in nombre and email, literally, accents and case aside; empty is any. Not
    ``por_email``: in nombre alone, for who may not see emails."""

    search: str = ""
    sort_by: Campo = "fecha_registro"
    sort_order: Sentido = "desc"
    por_email: bool = True


@dataclass(frozen=True, slots=True)
class ClienteRow:
    id: str
    nombre: str
    email: str
    fecha_registro: datetime
    total_pagos: int
    ultimo_pago: datetime | None


@dataclass(frozen=True, slots=True)
class PaginatedClientes:
    data: tuple[ClienteRow, ...]
    pagination: Pagination


@dataclass(frozen=True, slots=True)
class ClienteReciente:
    id: str
    nombre: str
    email: str


@dataclass(frozen=True, slots=True)
class ResumenClientes:
    total: int
    recientes: tuple[ClienteReciente, ...]


@dataclass(frozen=True, slots=True)
class ClienteView:
    """``estado`` is told of the forgotten only: ANONIMIZADO."""

    id: str
    nombre: str | None
    email: str | None
    cedula: str | None
    fecha_registro: datetime
    estado: str | None = None


@dataclass(frozen=True, slots=True)
class Estadisticas:
    """Over payments that are COMPLETADO. ``monto_total`` is in ``moneda``, the currency of most of them."""

    total_pagos: int
    monto_total: Decimal
    moneda: str | None
    totales_por_moneda: Mapping[str, Decimal]
    primer_pago: datetime | None
    ultimo_pago: datetime | None


@dataclass(frozen=True, slots=True)
class FichaDeCliente:
    """What the client service knows of one client. ``version`` is the aggregate's."""

    cliente: ClienteView
    estadisticas: Estadisticas
    version: int


@dataclass(frozen=True, slots=True)
class CampaniaActiva:
    id: str
    nombre: str
    estado: str


@dataclass(frozen=True, slots=True)
class ClienteDetalle:
    """``notas`` say which parts are missing, and why."""

    cliente: ClienteView
    estadisticas: Estadisticas
    pagos_recientes: tuple[PagoDeCliente, ...]
    campanias_activas: tuple[CampaniaActiva, ...]
    version: int
    notas: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class NuevoCliente:
    nombre: str
    email: str
    cedula: str
    fecha_nacimiento: str


@dataclass(frozen=True, slots=True)
class ClienteCreado:
    """``fecha_registro`` is None when the service could not be asked for it any more.

    So are the data of who was forgotten before the command was repeated.
    """

    id: str
    nombre: str | None
    email: str | None
    cedula: str | None
    fecha_nacimiento: datetime | None
    fecha_registro: datetime | None
