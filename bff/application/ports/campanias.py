"""What the BFF asks of the campaign service."""

from abc import ABC, abstractmethod

from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.models.campania_view import CampaniasFilter, FichaDeCampania, PaginatedCampanias, ResumenCampanias
from bff.domain.models.cliente_view import CampaniaActiva
from bff.domain.models.health import ServiceHealth
from bff.domain.models.pagina import Pagina
from bff.domain.models.search_result import CampaniaHallada, Hallados


class CampaniasServicePort(ABC):
    """Every method raises FallaDeServicio when the service fails."""

    @abstractmethod
    async def get_campanias_paginadas(self, filtro: CampaniasFilter, pagina: Pagina) -> PaginatedCampanias:
        """A page of campaigns, newest first."""

    @abstractmethod
    async def get_campania(self, id: str) -> FichaDeCampania | None:
        """A campaign, or None when its creation can't be seen yet, or never was."""

    @abstractmethod
    async def get_campania_como_de(self, id: str, como_de: str, peticion: Peticion) -> FichaDeCampania:
        """A campaign as it was known at an instant of recording. Raises NoEncontrado, Rechazado."""

    @abstractmethod
    async def existe(self, id: str, peticion: Peticion) -> bool:
        """Whether such a campaign was ever created. Raises Rechazado."""

    @abstractmethod
    async def get_campanias_de_cliente(self, id: str) -> tuple[CampaniaActiva, ...]:
        """A client's campaigns that were paid for and are not over, newest first."""

    @abstractmethod
    async def get_resumen(self) -> ResumenCampanias:
        """How many there are, by state."""

    @abstractmethod
    async def buscar(self, q: str, limite: int) -> Hallados[CampaniaHallada]:
        """Those that ``q`` finds, the most relevant first, then the newest."""

    @abstractmethod
    async def crear_campania(self, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        """Hand a body on as it is. Raises Rechazado."""

    @abstractmethod
    async def get_salud(self) -> ServiceHealth:
        """How it is doing. Never raises."""
