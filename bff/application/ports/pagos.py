"""What the BFF asks of the payout service."""

from abc import ABC, abstractmethod

from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.models.health import ServiceHealth
from bff.domain.models.pagina import Pagina
from bff.domain.models.pago_view import PaginatedPayouts, PagoDeCliente, PagoDetalle, PagosFilter, ResumenPagos
from bff.domain.models.search_result import Hallados, PagoHallado


class PagosServicePort(ABC):
    """Every method raises FallaDeServicio when the service fails."""

    @abstractmethod
    async def get_pagos_paginados(self, filtros: PagosFilter, pagina: Pagina) -> PaginatedPayouts:
        """A page of payouts, newest first, and what all of the filter amount to, of one moment."""

    @abstractmethod
    async def get_pago(self, id: str) -> PagoDetalle | None:
        """A payout, or None when its creation can't be seen yet, or never was."""

    @abstractmethod
    async def get_pago_como_de(self, id: str, como_de: str, peticion: Peticion) -> PagoDetalle:
        """A payout as it was known at an instant of recording. Raises NoEncontrado, Rechazado."""

    @abstractmethod
    async def existe(self, id: str, peticion: Peticion) -> bool:
        """Whether such a payout was ever created. Raises Rechazado."""

    @abstractmethod
    async def get_pagos_de_cliente(self, id: str) -> tuple[PagoDeCliente, ...]:
        """The five newest payments of a client, in any state."""

    @abstractmethod
    async def get_pagos_de_campania(self, id: str, cuantos: int) -> tuple[PagoDeCliente, ...]:
        """The newest payments of a campaign, in any state, so many at most."""

    @abstractmethod
    async def get_resumen(self) -> ResumenPagos:
        """What all payouts amount to, and the five newest."""

    @abstractmethod
    async def buscar(self, q: str, limite: int) -> Hallados[PagoHallado]:
        """Those that ``q`` finds, the most relevant first, then the newest."""

    @abstractmethod
    async def crear_pago(self, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        """Hand a body on as it is. Raises Rechazado."""

    @abstractmethod
    async def get_salud(self) -> ServiceHealth:
        """How it is doing. Never raises."""
