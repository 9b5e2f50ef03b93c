"""The port by which payouts are really paid. Adapters live in the gateway."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.base.dinero import Dinero


@dataclass(frozen=True, slots=True)
class Solicitud:
    """One attempt at paying one payout."""

    payout_id: str
    intento: int
    partner_id: str
    monto: Dinero
    metodo_tipo: str | None
    metodo_mascara: str | None

    @property
    def clave(self) -> str:
        """The idempotency key: a processor pays it once, however often it is told."""
        return f"{self.payout_id}:{self.intento}"


@dataclass(frozen=True, slots=True)
class Confirmada:
    """The money was paid. ``completed_at`` is aware, UTC."""

    confirmation_id: str
    completed_at: datetime


@dataclass(frozen=True, slots=True)
class Rechazada:
    """The money was not paid. ``codigo`` is one of FONDOS, CUENTA, RECHAZADO, TECNICO."""

    codigo: str
    motivo: str
    definitivo: bool


@dataclass(frozen=True, slots=True)
class SinRespuesta:
    """Nobody knows yet whether the money was paid."""


Respuesta = Confirmada | Rechazada | SinRespuesta


class ProcesadorDePagos(Protocol):
    """Pays partners. Neither method raises: what is not known is SinRespuesta."""

    def pagar(self, solicitud: Solicitud) -> Respuesta:
        """Order the payment of an attempt. Repeating it never pays twice."""

    def consultar(self, solicitud: Solicitud) -> Respuesta:
        """Ask what became of an attempt; one that never reached the processor is ordered."""
