"""The campaign service in memory."""

import json
from collections import Counter
from datetime import datetime
from decimal import Decimal

from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.exceptions import NoEncontrado, Rechazado
from bff.domain.models.campania_view import (
    CampaniaRow,
    CampaniasFilter,
    FichaDeCampania,
    PaginatedCampanias,
    ResumenCampanias,
)
from bff.domain.models.cliente_view import CampaniaActiva
from bff.domain.models.health import ServiceHealth
from bff.domain.models.pagina import Pagina, Pagination
from bff.domain.models.search_result import CampaniaHallada, Hallados, Tipo
from domain.campanias.agregado import Campania
from domain.cliente.estado import Estado
from tests.bff.gemelos.hechos import Hechos, al_segundo, mejores, pagina_de, relevancia
from tests.projections.ejemplos import campania

ACTIVAS = ("APROBADA", "ACTIVA", "PAUSADA")
REQUERIDOS = "idCampania, idCliente y itinerario[] son requeridos"


class CampaniasEnMemoria(CampaniasServicePort):
    def __init__(self, hechos: Hechos) -> None:
        self._hechos = hechos

    async def get_campanias_paginadas(self, filtro: CampaniasFilter, pagina: Pagina) -> PaginatedCampanias:
        await self._hechos.responder("campanias")
        suyas = [
            una
            for una in self._por_novedad()
            if (not filtro.estados or una.estado in filtro.estados)
            and (filtro.cliente_id is None or una.cliente_id == filtro.cliente_id)
        ]
        filas = tuple(map(self._fila, pagina_de(suyas, pagina)))
        return PaginatedCampanias(filas, Pagination.de(pagina, len(suyas)))

    async def get_campania(self, id: str) -> FichaDeCampania | None:
        await self._hechos.responder("campanias")
        una = self._hechos.campanias.get(id)
        if una is None or id in self._hechos.por_llegar:
            return None
        auditoria = self._hechos.auditoria(id)
        return FichaDeCampania(self._fila(una), tuple(una.itinerario), una.cuenta.moneda, auditoria, una.version)

    async def get_campania_como_de(self, id: str, como_de: str, peticion: Peticion) -> FichaDeCampania:
        ficha = await self.get_campania(id)
        if ficha is None or self._hechos.eventos[id][0].timestamp.isoformat() > como_de:
            raise NoEncontrado
        return ficha

    async def existe(self, id: str, peticion: Peticion) -> bool:
        await self._hechos.responder("campanias")
        return id in self._hechos.campanias

    async def get_campanias_de_cliente(self, id: str) -> tuple[CampaniaActiva, ...]:
        await self._hechos.responder("campanias")
        suyas = (una for una in self._por_novedad() if una.cliente_id == id and una.estado in ACTIVAS)
        return tuple(CampaniaActiva(una.id, una.nombre, str(una.estado)) for una in suyas)

    async def get_resumen(self) -> ResumenCampanias:
        await self._hechos.responder("campanias")
        por_estado = Counter(str(una.estado) for una in self._hechos.campanias.values())
        return ResumenCampanias(sum(por_estado.values()), dict(por_estado))

    async def buscar(self, q: str, limite: int) -> Hallados[CampaniaHallada]:
        await self._hechos.responder("campanias")
        filas = list(map(self._fila, self._por_novedad()))
        total, halladas = mejores(filas, lambda una: relevancia(q, una.id, una.nombre), limite)
        hallados = (
            CampaniaHallada(una.id, Tipo.CAMPANIA, una.nombre, una.cliente_nombre, nota) for una, nota in halladas
        )
        return Hallados(total, tuple(hallados))

    async def crear_campania(self, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        await self._hechos.responder("campanias")
        dicho = json.loads(cuerpo)
        if not {"idCampania", "idCliente", "itinerario"} <= set(dicho):
            raise Rechazado(400, "CAMPOS_REQUERIDOS", REQUERIDOS)
        self._hechos.ocurre("campanias", campania(dicho["idCampania"], dicho["idCliente"]))
        datos = {campo: dicho[campo] for campo in ("idCampania", "idCliente", "itinerario")}
        return Aceptado(202, {"message": "Campania creada", "data": datos}, {"X-Posicion": "campanias:1"})

    async def get_salud(self) -> ServiceHealth:
        return self._hechos.salud("campanias")

    def _por_novedad(self) -> list[Campania]:
        def novedad(una: Campania) -> tuple[datetime, str]:
            return self._hechos.eventos[una.id][0].timestamp, una.id

        return sorted(self._hechos.campanias.values(), key=novedad, reverse=True)

    def _fila(self, una: Campania) -> CampaniaRow:
        cliente = self._hechos.clientes.get(una.cliente_id)
        nombre = cliente.nombre if cliente is not None and cliente.estado is not Estado.ANONIMIZADO else None
        return CampaniaRow(
            id=una.id,
            nombre=una.nombre,
            cliente_id=una.cliente_id,
            cliente_nombre=nombre,
            estado=str(una.estado),
            fecha_inicio=al_segundo(una.fecha_inicio) if una.fecha_inicio else None,
            fecha_fin=al_segundo(una.fecha_fin) if una.fecha_fin else None,
            presupuesto=una.cuenta.presupuesto.valor if una.cuenta.presupuesto else None,
            gasto_actual=una.cuenta.gastado.valor if una.cuenta.gastado else Decimal(0),
        )
