"""Payouts: the list, one of them, a new one."""

from bff.application.partes import hallar
from bff.application.ports.pagos import PagosServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.models.pagina import Pagina
from bff.domain.models.pago_view import PaginatedPayouts, PagoDetalle, PagosFilter


class ListarPagos:
    def __init__(self, pagos: PagosServicePort) -> None:
        self._pagos = pagos

    async def ejecutar(self, filtros: PagosFilter, pagina: Pagina) -> PaginatedPayouts:
        return await self._pagos.get_pagos_paginados(filtros, pagina)


class VerPago:
    def __init__(self, pagos: PagosServicePort) -> None:
        self._pagos = pagos

    async def ejecutar(self, id: str, peticion: Peticion) -> PagoDetalle:
        """Raises NoEncontrado, AunNoLlega, FallaDeServicio."""
        return await hallar(lambda: self._pagos.get_pago(id), lambda: self._pagos.existe(id, peticion))

    async def como_de(self, id: str, instante: str, peticion: Peticion) -> PagoDetalle:
        """As it was known then. Raises NoEncontrado, Rechazado, FallaDeServicio."""
        return await self._pagos.get_pago_como_de(id, instante, peticion)


class CrearPago:
    def __init__(self, pagos: PagosServicePort) -> None:
        self._pagos = pagos

    async def ejecutar(self, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        """Raises Rechazado, FallaDeServicio."""
        return await self._pagos.crear_pago(cuerpo, peticion)
