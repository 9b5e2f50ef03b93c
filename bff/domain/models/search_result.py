"""One needle in clients, payouts and campaigns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
LIMITE, LIMITE_MAXIMO, LETRAS = 5, 50, 2


class Tipo(StrEnum):
    CLIENTE = "cliente"
    PAGO = "pago"
    CAMPANIA = "campania"


@dataclass(frozen=True, slots=True)
class ClienteHallado:
    id: str
    tipo: str
    nombre: str
    email: str
    relevancia: float


@dataclass(frozen=True, slots=True)
class PagoHallado:
    id: str
    tipo: str
    partner_id: str
    monto: Decimal
    fecha: datetime
    relevancia: float


@dataclass(frozen=True, slots=True)
class CampaniaHallada:
    id: str
    tipo: str
    nombre: str
    cliente: str | None
    relevancia: float


@dataclass(frozen=True, slots=True)
class Hallados(Generic[T]):
    """The most relevant ones of a type; ``total`` counts those that don't show too."""

    total: int
    mejores: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Resultados:
    clientes: tuple[ClienteHallado, ...]
    pagos: tuple[PagoHallado, ...]
    campanias: tuple[CampaniaHallada, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``notas`` say which types could not be searched, and why."""

    query: str
    total_results: int
    results: Resultados
    notas: Mapping[str, str]
