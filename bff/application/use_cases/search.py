"""One needle in three services at once."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from functools import partial
from typing import TypeVar

from bff.application.partes import Partes
from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.cliente import ClienteServicePort
from bff.application.ports.pagos import PagosServicePort
from bff.domain.models.search_result import Hallados, Resultados, SearchResult, Tipo

T = TypeVar("T")


class Buscar:
    """The most relevant of each type, whatever of it can be had in ``segundos``."""

    def __init__(
        self, clientes: ClienteServicePort, pagos: PagosServicePort, campanias: CampaniasServicePort, segundos: float
    ) -> None:
        self._clientes, self._pagos, self._campanias, self._segundos = clientes, pagos, campanias, segundos

    async def ejecutar(self, q: str, tipos: Collection[Tipo], limite: int, *, por_email: bool = True) -> SearchResult:
        """Not ``por_email``: in no email, for who may not see them. Raises FallaDeServicio when none of ``tipos`` can
        be searched."""
        partes = Partes(self._segundos)

        async def en(tipo: Tipo, nombre: str, buscar: Callable[[str, int], Awaitable[Hallados[T]]]) -> Hallados[T]:
            ninguno: Hallados[T] = Hallados(0, ())
            return await partes.pedir(nombre, buscar(q, limite), ninguno) if tipo in tipos else ninguno

        clientes, pagos, campanias = await asyncio.gather(
            en(Tipo.CLIENTE, "clientes", partial(self._clientes.buscar, por_email=por_email)),
            en(Tipo.PAGO, "pagos", self._pagos.buscar),
            en(Tipo.CAMPANIA, "campanias", self._campanias.buscar),
        )
        partes.exigir_alguna()
        total = clientes.total + pagos.total + campanias.total
        return SearchResult(q, total, Resultados(clientes.mejores, pagos.mejores, campanias.mejores), partes.notas)
