"""How the BFF and what it leans on are doing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LENTO_MS = 1000
"""An answer that takes longer is a sign of trouble to come."""
NOTA_LENTO = "Latencia alta"


class Estado(StrEnum):
    UP = "up"
    DEGRADED = "degraded"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """``note`` says why it isn't simply up."""

    status: Estado
    response_time_ms: int
    note: str | None = None

    @classmethod
    def de(cls, ms: int, *, falla: str | None = None) -> "ServiceHealth":
        """Of a service that answered in ``ms``, well or with ``falla``."""
        if falla is not None:
            return cls(Estado.DOWN, ms, falla)
        return cls(Estado.DEGRADED, ms, NOTA_LENTO) if ms > LENTO_MS else cls(Estado.UP, ms)


@dataclass(frozen=True, slots=True)
class CacheHealth:
    hits: int
    misses: int
    hit_rate: float

    @classmethod
    def de(cls, hits: int, misses: int) -> "CacheHealth":
        return cls(hits, misses, round(hits / (hits + misses), 3) if hits + misses else 0.0)


@dataclass(frozen=True, slots=True)
class Health:
    status: str
    timestamp: datetime
    version: str
    services: Mapping[str, ServiceHealth]
    cache: CacheHealth

    @property
    def sirve(self) -> bool:
        return self.status != "unhealthy"


def juzgar(services: Mapping[str, ServiceHealth]) -> str:
    """The whole: slow services don't harm it, one that is down does, without any there is nothing."""
    caidos = [uno for uno in services.values() if uno.status is Estado.DOWN]
    if not caidos:
        return "healthy"
    return "unhealthy" if len(caidos) == len(services) else "degraded"
