"""Pages at hand."""

from collections.abc import Callable, Mapping
from typing import Any

from bff.application.ports.cache import CachePort
from bff.domain.models.health import CacheHealth
from bff.infrastructure.web.respuestas import Hecha


class Paginas(CachePort):
    def servir(
        self,
        ruta: str,
        dicho: Mapping[str, Any],
        claro: bool,
        lecturas: tuple[str, ...],
        hacer: Callable[[], Hecha],
        *,
        al_dia: bool,
    ) -> Hecha:
        return hacer()

    def contar(self) -> CacheHealth:
        return CacheHealth.de(0, 0)
