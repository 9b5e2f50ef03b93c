"""What may be asked of Pagos. Amounts are in major units; datetimes are aware, UTC."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class CrearPago:
    """A payout to be made or, with a confirmation, dates or a failure, one that is reported."""

    payout_id: str
    partner_id: str
    cycle_id: str
    total_amount: Decimal
    currency: str
    payment_method_type: str | None = None
    payment_method_mask: str | None = None
    confirmation_id: str | None = None
    processed_at: datetime | None = None
    completed_at: datetime | None = None
    failure_reason: str | None = None
    cliente_id: str | None = None
    campania_id: str | None = None


@dataclass(frozen=True, slots=True)
class ProcesarPago:
    payout_id: str


@dataclass(frozen=True, slots=True)
class ConfirmarPago:
    payout_id: str
    confirmation_id: str
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class FallarPago:
    """``intento`` is the attempt that failed; None is the one under way, whichever it is when the command arrives."""

    payout_id: str
    codigo: str
    motivo: str
    definitivo: bool = False
    intento: int | None = None


@dataclass(frozen=True, slots=True)
class MarcarResultadoDesconocido:
    """The processor gave no answer in time; nothing is guessed."""

    payout_id: str


@dataclass(frozen=True, slots=True)
class ReintentarPago:
    payout_id: str


@dataclass(frozen=True, slots=True)
class RevertirPago:
    payout_id: str
    motivo: str


@dataclass(frozen=True, slots=True)
class CancelarPago:
    payout_id: str
    motivo: str
