"""Clients: the list, one of them with what is theirs, a new one."""

import asyncio

from bff.application.partes import Partes, hallar
from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.cliente import ClienteServicePort
from bff.application.ports.pagos import PagosServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.models.cliente_view import (
    ClienteCreado,
    ClienteDetalle,
    ClientesFilter,
    NuevoCliente,
    PaginatedClientes,
)
from bff.domain.models.pagina import Pagina

SOLO_DE_HOY = {
    "pagos_recientes": "No se muestran a una fecha pasada",
    "campanias_activas": "No se muestran a una fecha pasada",
}


class ListarClientes:
    def __init__(self, clientes: ClienteServicePort) -> None:
        self._clientes = clientes

    async def ejecutar(self, filtro: ClientesFilter, pagina: Pagina) -> PaginatedClientes:
        return await self._clientes.get_clientes_paginados(filtro, pagina)


class VerCliente:
    """A client with payments and campaigns, which may be missed; the client may not."""

    def __init__(
        self, clientes: ClienteServicePort, pagos: PagosServicePort, campanias: CampaniasServicePort, segundos: float
    ) -> None:
        self._clientes, self._pagos, self._campanias, self._segundos = clientes, pagos, campanias, segundos

    async def ejecutar(self, id: str, peticion: Peticion) -> ClienteDetalle:
        """Raises NoEncontrado, AunNoLlega, FallaDeServicio."""
        partes = Partes(self._segundos)
        ficha, pagos, campanias = await asyncio.gather(
            hallar(lambda: self._clientes.get_cliente(id), lambda: self._clientes.existe(id, peticion)),
            partes.pedir("pagos_recientes", self._pagos.get_pagos_de_cliente(id), ()),
            partes.pedir("campanias_activas", self._campanias.get_campanias_de_cliente(id), ()),
        )
        return ClienteDetalle(ficha.cliente, ficha.estadisticas, pagos, campanias, ficha.version, partes.notas)

    async def como_de(self, id: str, instante: str, peticion: Peticion) -> ClienteDetalle:
        """As it was known then. Raises NoEncontrado, Rechazado, FallaDeServicio."""
        ficha = await self._clientes.get_cliente_como_de(id, instante, peticion)
        return ClienteDetalle(ficha.cliente, ficha.estadisticas, (), (), ficha.version, SOLO_DE_HOY)


class CrearCliente:
    def __init__(self, clientes: ClienteServicePort) -> None:
        self._clientes = clientes

    async def ejecutar(self, nuevo: NuevoCliente, peticion: Peticion) -> tuple[ClienteCreado, Aceptado]:
        """Raises DatosInvalidos, Rechazado, FallaDeServicio."""
        return await self._clientes.crear_cliente(nuevo, peticion)
