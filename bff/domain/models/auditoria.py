"""The trail of a payout or a campaign, as a screen tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SISTEMA, PROCESADOR = "system", "payment-processor"
CONTADOS_POR_EL_PROCESADOR = {
    "PagoProcesado": "processed_at",
    "PagoConfirmado": "completed_at",
    "PagoFallido": "failed_at",
}
"""What the payment processor tells, even when a report told it, and which field says when it happened."""
OTRO_NOMBRE = {"PagoConfirmado": "PagoCompletado"}


@dataclass(frozen=True, slots=True)
class Hecho:
    """A stored event: ``tipo`` with its version, ``registrado`` (aware) when it was stored."""

    version: int
    tipo: str
    registrado: datetime
    datos: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Evento:
    """``timestamp`` is the business time."""

    timestamp: datetime
    evento: str
    usuario: str


@dataclass(frozen=True, slots=True)
class Auditoria:
    eventos: tuple[Evento, ...]


def contar(hechos: Iterable[Hecho]) -> Auditoria:
    """The trail of one stream, whose events come in order."""
    eventos: list[Evento] = []
    for hecho in hechos:
        nombre = hecho.tipo.partition(".")[0]
        usuario = PROCESADOR if nombre in CONTADOS_POR_EL_PROCESADOR else SISTEMA
        cuando = _cuando(nombre, hecho, eventos)
        eventos.append(Evento(cuando, OTRO_NOMBRE.get(nombre, nombre), usuario))
    return Auditoria(tuple(eventos))


def _cuando(nombre: str, hecho: Hecho, anteriores: list[Evento]) -> datetime:
    if nombre == "PagoComisionCalculada" and anteriores:
        # Part of the creation, and as old as the payout is said to be.
        return anteriores[0].timestamp
    dicho = hecho.datos.get("processed_at" if nombre == "PagoCreado" else CONTADOS_POR_EL_PROCESADOR.get(nombre, ""))
    instante = datetime.fromisoformat(dicho) if isinstance(dicho, str) else hecho.registrado
    return (instante.replace(tzinfo=UTC) if instante.tzinfo is None else instante.astimezone(UTC)).replace(
        microsecond=0
    )
