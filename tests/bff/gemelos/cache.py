"""How often a page was at hand, counted here."""

from bff.application.ports.cache import CachePort
from bff.domain.models.health import CacheHealth


class CuentaEnMemoria(CachePort):
    def __init__(self, aciertos: int = 0, faltas: int = 0) -> None:
        self._aciertos, self._faltas = aciertos, faltas

    def acierto(self) -> None:
        self._aciertos += 1

    def falta(self) -> None:
        self._faltas += 1

    def contar(self) -> CacheHealth:
        return CacheHealth.de(self._aciertos, self._faltas)
