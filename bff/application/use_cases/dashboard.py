"""The figures of the house, from three services at once."""

import asyncio

from bff.application.partes import Partes
from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.cliente import ClienteServicePort
from bff.application.ports.pagos import PagosServicePort
from bff.domain.models.dashboard import Dashboard


class GenerarDashboard:
    """Counts, sums and the newest, whatever of it can be had in ``segundos``."""

    def __init__(
        self, clientes: ClienteServicePort, pagos: PagosServicePort, campanias: CampaniasServicePort, segundos: float
    ) -> None:
        self._clientes, self._pagos, self._campanias, self._segundos = clientes, pagos, campanias, segundos

    async def ejecutar(self) -> Dashboard:
        """Raises FallaDeServicio when there is nothing to show at all."""
        partes = Partes(self._segundos)
        clientes, pagos, campanias = await asyncio.gather(
            partes.pedir("clientes", self._clientes.get_resumen(), None),
            partes.pedir("pagos", self._pagos.get_resumen(), None),
            partes.pedir("campanias", self._campanias.get_resumen(), None),
        )
        partes.exigir_alguna()
        return Dashboard(
            total_clientes=clientes.total if clientes else None,
            total_pagos=pagos.total if pagos else None,
            total_campanias=campanias.total if campanias else None,
            pagos_recientes=pagos.recientes if pagos else (),
            clientes_recientes=clientes.recientes if clientes else (),
            pagos=pagos.agregaciones if pagos else None,
            campanias_por_estado=campanias.por_estado if campanias else {},
            notas=partes.notas,
        )
