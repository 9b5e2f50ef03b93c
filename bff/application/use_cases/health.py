"""How the BFF and the three services are doing."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from bff.application.ports.cache import CachePort
from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.cliente import ClienteServicePort
from bff.application.ports.pagos import PagosServicePort
from bff.domain.models.health import Health, juzgar


class VerSalud:
    """``reloj`` tells the time, ``version`` is the product's."""

    def __init__(
        self,
        clientes: ClienteServicePort,
        pagos: PagosServicePort,
        campanias: CampaniasServicePort,
        cache: CachePort,
        *,
        reloj: Callable[[], datetime],
        version: str,
    ) -> None:
        self._clientes, self._pagos, self._campanias, self._cache = clientes, pagos, campanias, cache
        self._reloj, self._version = reloj, version

    async def ejecutar(self) -> Health:
        clientes, pagos, campanias = await asyncio.gather(
            self._clientes.get_salud(), self._pagos.get_salud(), self._campanias.get_salud()
        )
        services = {"cliente_service": clientes, "pagos_service": pagos, "campanias_service": campanias}
        ahora = self._reloj().astimezone(UTC).replace(microsecond=0)
        return Health(juzgar(services), ahora, self._version, services, self._cache.contar())
