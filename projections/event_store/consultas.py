"""What is asked about the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, text

Agregado = Literal["Cliente", "Payout", "Campania"]

_DE_UNO = text(
    "SELECT version, type, occurred_on, payload FROM event_store"
    " WHERE aggregate_id = :id AND aggregate_type = :agregado ORDER BY version"
)


@dataclass(frozen=True)
class EventoGuardado:
    """``tipo`` is the stored name, ``registrado`` (aware) the time of recording, ``datos`` hold nothing personal."""

    version: int
    tipo: str
    registrado: datetime
    datos: Mapping[str, Any]


def historia(con: Connection, agregado: Agregado, id: str) -> tuple[EventoGuardado, ...]:
    """The events of one stream that have arrived here, in order."""
    return tuple(EventoGuardado(*fila) for fila in con.execute(_DE_UNO, {"agregado": agregado, "id": id}))
