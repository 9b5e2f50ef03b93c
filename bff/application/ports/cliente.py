"""What the BFF asks of the client service."""

from abc import ABC, abstractmethod

from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.models.cliente_view import (
    ClienteCreado,
    ClientesFilter,
    FichaDeCliente,
    NuevoCliente,
    PaginatedClientes,
    ResumenClientes,
)
from bff.domain.models.health import ServiceHealth
from bff.domain.models.pagina import Pagina
from bff.domain.models.search_result import ClienteHallado, Hallados


class ClienteServicePort(ABC):
    """Every method raises FallaDeServicio when the service fails."""

    @abstractmethod
    async def get_clientes_paginados(self, filtro: ClientesFilter, pagina: Pagina) -> PaginatedClientes:
        """A page of the clients, the forgotten aside; ties go by id, in the same direction."""

    @abstractmethod
    async def get_cliente(self, id: str) -> FichaDeCliente | None:
        """A client, or None when its registration can't be seen yet, or never was."""

    @abstractmethod
    async def get_cliente_como_de(self, id: str, como_de: str, peticion: Peticion) -> FichaDeCliente:
        """A client as it was known at an instant of recording. Raises NoEncontrado, Rechazado."""

    @abstractmethod
    async def existe(self, id: str, peticion: Peticion) -> bool:
        """Whether such a client was ever registered. Raises Rechazado."""

    @abstractmethod
    async def get_resumen(self) -> ResumenClientes:
        """How many there are, and the five newest."""

    @abstractmethod
    async def buscar(self, q: str, limite: int, *, por_email: bool = True) -> Hallados[ClienteHallado]:
        """Those that ``q`` finds, the most relevant first, then the newest. Not ``por_email``: in no email."""

    @abstractmethod
    async def crear_cliente(self, nuevo: NuevoCliente, peticion: Peticion) -> tuple[ClienteCreado, Aceptado]:
        """Register a client. Raises DatosInvalidos, Rechazado."""

    @abstractmethod
    async def get_salud(self) -> ServiceHealth:
        """How it is doing. Never raises."""
