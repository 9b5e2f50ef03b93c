"""What may be asked of Campanias. Amounts are in major units; datetimes are aware, UTC."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CrearCampania:
    campania_id: str
    cliente_id: str
    itinerario: tuple[str, ...]
    nombre: str | None = None
    presupuesto: Decimal | None = None
    moneda: str | None = None
    fecha_inicio: datetime | None = None
    fecha_fin: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActivarCampania:
    campania_id: str


@dataclass(frozen=True, slots=True)
class PausarCampania:
    campania_id: str


@dataclass(frozen=True, slots=True)
class ReanudarCampania:
    campania_id: str


@dataclass(frozen=True, slots=True)
class FinalizarCampania:
    campania_id: str


@dataclass(frozen=True, slots=True)
class CancelarCampania:
    campania_id: str
    motivo: str


@dataclass(frozen=True, slots=True)
class RegistrarGasto:
    campania_id: str
    gasto_id: str
    monto: Decimal
    moneda: str


@dataclass(frozen=True, slots=True)
class AjustarPresupuesto:
    campania_id: str
    monto: Decimal
    moneda: str


@dataclass(frozen=True, slots=True)
class SeguirCalendario:
    """The clock asks: start or end the campaign if one of its dates has come."""

    campania_id: str


@dataclass(frozen=True, slots=True)
class AsociarPago:
    """A payment linked to the campaign was confirmed."""

    campania_id: str
    payout_id: str


@dataclass(frozen=True, slots=True)
class DesasociarPago:
    """A payment linked to the campaign was reversed, or failed for good."""

    campania_id: str
    payout_id: str
    motivo: str
