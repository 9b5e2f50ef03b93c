"""Campaigns: the list, one of them with its payments, a new one."""

import asyncio

from bff.application.partes import Partes, hallar
from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.pagos import PagosServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.models.campania_view import CampaniaDetalle, CampaniasFilter, PaginatedCampanias
from bff.domain.models.pagina import Pagina

PAGOS = 100
"""Payments that a campaign's page shows, at most."""
HAY_MAS = {"pagos": f"Se muestran los {PAGOS} más recientes"}
SOLO_DE_HOY = {
    "pagos": "No se muestran a una fecha pasada",
    "cliente_nombre": "No se muestra a una fecha pasada",
}


class ListarCampanias:
    def __init__(self, campanias: CampaniasServicePort) -> None:
        self._campanias = campanias

    async def ejecutar(self, filtro: CampaniasFilter, pagina: Pagina) -> PaginatedCampanias:
        return await self._campanias.get_campanias_paginadas(filtro, pagina)


class VerCampania:
    """A campaign with its payments, which may be missed."""

    def __init__(self, campanias: CampaniasServicePort, pagos: PagosServicePort, segundos: float) -> None:
        self._campanias, self._pagos, self._segundos = campanias, pagos, segundos

    async def ejecutar(self, id: str, peticion: Peticion) -> CampaniaDetalle:
        """Raises NoEncontrado, AunNoLlega, FallaDeServicio."""
        partes = Partes(self._segundos)
        ficha, pagos = await asyncio.gather(
            hallar(lambda: self._campanias.get_campania(id), lambda: self._campanias.existe(id, peticion)),
            partes.pedir("pagos", self._pagos.get_pagos_de_campania(id, PAGOS + 1), ()),
        )
        return CampaniaDetalle(
            ficha.campania,
            ficha.itinerario,
            ficha.moneda,
            pagos[:PAGOS],
            ficha.auditoria,
            ficha.version,
            partes.notas | (HAY_MAS if len(pagos) > PAGOS else {}),
            entera=not partes.notas,
        )

    async def como_de(self, id: str, instante: str, peticion: Peticion) -> CampaniaDetalle:
        """As it was known then. Raises NoEncontrado, Rechazado, FallaDeServicio."""
        ficha = await self._campanias.get_campania_como_de(id, instante, peticion)
        return CampaniaDetalle(
            ficha.campania,
            ficha.itinerario,
            ficha.moneda,
            (),
            ficha.auditoria,
            ficha.version,
            SOLO_DE_HOY,
            entera=False,
        )


class CrearCampania:
    def __init__(self, campanias: CampaniasServicePort) -> None:
        self._campanias = campanias

    async def ejecutar(self, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        """Raises Rechazado, FallaDeServicio."""
        return await self._campanias.crear_campania(cuerpo, peticion)
