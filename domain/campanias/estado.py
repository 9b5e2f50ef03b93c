"""The states of a campaign, and which of them go together."""

from enum import StrEnum


class Estado(StrEnum):
    PENDIENTE = "PENDIENTE"
    APROBADA = "APROBADA"
    ACTIVA = "ACTIVA"
    PAUSADA = "PAUSADA"
    FINALIZADA = "FINALIZADA"
    CANCELADA = "CANCELADA"


FINALES = frozenset({Estado.FINALIZADA, Estado.CANCELADA})
"""Nothing leaves them."""

NO_FINALES = frozenset(Estado) - FINALES

VIGENTES = frozenset({Estado.APROBADA, Estado.ACTIVA, Estado.PAUSADA})
"""Paid for and not over."""

EMPEZADAS = frozenset({Estado.ACTIVA, Estado.PAUSADA})
"""Those that may spend."""
