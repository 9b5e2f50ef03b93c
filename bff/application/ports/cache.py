"""Who knows how often a page was at hand."""

from abc import ABC, abstractmethod

from bff.domain.models.health import CacheHealth


class CachePort(ABC):
    @abstractmethod
    def contar(self) -> CacheHealth:
        """Hits and misses of all the processes that serve, since they started."""
