"""The audit trail for SQL readers: every event of the three logs, without personal data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from projections.motor.tabla import Indice, Tabla


@dataclass(slots=True)
class FilaDeEvento:
    """``id`` is ``{modulo}:{posicion}``, as ``X-Posicion`` tells it. ``occurred_on`` is the time of recording.

    Within a ``modulo`` the log's order is that of ``posicion``; between modules there is none.
    """

    id: str
    aggregate_id: str
    aggregate_type: str
    type: str
    payload: dict[str, Any]
    occurred_on: datetime
    modulo: str
    posicion: int
    version: int
    actor: str
    correlation_id: str
    causation_id: str


EVENT_STORE = Tabla(
    "event_store",
    FilaDeEvento,
    binarias=("aggregate_id", "aggregate_type", "type", "modulo"),
    indices=(Indice("agregado", "(aggregate_id, aggregate_type, version)"),),
)
