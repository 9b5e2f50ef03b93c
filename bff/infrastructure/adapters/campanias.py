"""The campaign service: its query tables for pages, HTTP for commands, the past and its health."""

from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import Connection

from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.models.auditoria import contar
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
from bff.infrastructure.adapters.core import Core
from bff.infrastructure.adapters.historia import Historia
from bff.infrastructure.adapters.lectura import Lectura
from bff.infrastructure.adapters.pagos import auditoria_hasta
from bff.infrastructure.adapters.tiempos import al_segundo_o_nada, utc_o_nada
from projections.busqueda import consultas as busqueda
from projections.campanias import consultas
from projections.clientes.consultas import campanias_activas


class _Datos(msgspec.Struct):
    idCampania: str  # noqa: N815 - the core's own word


class _Creada(msgspec.Struct):
    message: str
    data: _Datos


class _Campania(msgspec.Struct):
    id: str
    idCliente: str  # noqa: N815
    nombre: str
    estado: str
    itinerario: list[str]
    presupuesto: Decimal | None
    gasto_actual: Decimal
    moneda: str | None
    fecha_inicio: datetime | None
    fecha_fin: datetime | None


class CampaniasServiceAdapter(CampaniasServicePort):
    def __init__(self, lectura: Lectura, core: Core) -> None:
        self._lectura, self._core = lectura, core

    async def get_campanias_paginadas(self, filtro: CampaniasFilter, pagina: Pagina) -> PaginatedCampanias:
        suyos = consultas.estados(",".join(filtro.estados)) if filtro.estados else frozenset()
        hallada = await self._lectura.leer(
            lambda con: consultas.listar(
                con,
                de_estados=suyos,
                cliente_id=filtro.cliente_id,
                pagina=pagina.page,
                por_pagina=pagina.per_page,
            )
        )
        return PaginatedCampanias(tuple(map(_fila, hallada.filas)), Pagination.de(pagina, hallada.total))

    async def get_campania(self, id: str) -> FichaDeCampania | None:
        return await self._lectura.leer(lambda con: _ficha(con, id))

    async def get_campania_como_de(self, id: str, como_de: str, peticion: Peticion) -> FichaDeCampania:
        crudo = await self._core.consultar(f"/campanias/{self._core.parte(id)}", peticion, {"como_de": como_de})
        entonces = self._core.exigir(crudo, _Campania)
        historia = await Historia.pedir(self._core, "campanias", id, como_de, peticion)
        fila = CampaniaRow(
            id=entonces.id,
            nombre=entonces.nombre,
            cliente_id=entonces.idCliente,
            cliente_nombre=None,
            estado=entonces.estado,
            fecha_inicio=utc_o_nada(entonces.fecha_inicio),
            fecha_fin=utc_o_nada(entonces.fecha_fin),
            presupuesto=entonces.presupuesto,
            gasto_actual=entonces.gasto_actual,
        )
        auditoria = contar(historia.hechos)
        return FichaDeCampania(fila, tuple(entonces.itinerario), entonces.moneda, auditoria, historia.version)

    async def existe(self, id: str, peticion: Peticion) -> bool:
        return await self._core.hay(f"/campanias/{self._core.parte(id)}", peticion)

    async def get_campanias_de_cliente(self, id: str) -> tuple[CampaniaActiva, ...]:
        halladas = await self._lectura.leer(lambda con: campanias_activas(con, id))
        return tuple(CampaniaActiva(una.id, una.nombre, una.estado) for una in halladas)

    async def get_resumen(self) -> ResumenCampanias:
        por_estado = await self._lectura.leer(consultas.por_estado)
        return ResumenCampanias(sum(por_estado.values()), por_estado)

    async def buscar(self, q: str, limite: int) -> Hallados[CampaniaHallada]:
        hallado = await self._lectura.leer(lambda con: busqueda.buscar(con, q, (busqueda.Tipo.CAMPANIA,), limite))
        return Hallados(
            hallado.total,
            tuple(
                CampaniaHallada(una.id, Tipo.CAMPANIA, una.nombre, una.cliente_nombre, una.relevancia)
                for una in hallado.campanias
            ),
        )

    async def crear_campania(self, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        aceptado = await self._core.enviar("/campanias/comandos/crear", cuerpo, peticion)
        self._core.exigir(aceptado.cuerpo, _Creada)
        return aceptado

    async def get_salud(self) -> ServiceHealth:
        return await self._core.salud()


def _ficha(con: Connection, id: str) -> FichaDeCampania | None:
    cual = consultas.campania(con, id)
    if cual is None:
        return None
    fila = CampaniaRow(
        id=cual.id,
        nombre=cual.nombre,
        cliente_id=cual.cliente_id,
        cliente_nombre=consultas.nombre_de_cliente(con, cual.cliente_id),
        estado=cual.estado,
        fecha_inicio=al_segundo_o_nada(cual.fecha_inicio),
        fecha_fin=al_segundo_o_nada(cual.fecha_fin),
        presupuesto=cual.presupuesto,
        gasto_actual=cual.gasto_actual,
    )
    auditoria = auditoria_hasta(con, "Campania", id, cual.version)
    return FichaDeCampania(fila, tuple(cual.itinerario), cual.moneda, auditoria, cual.version)


def _fila(fila: consultas.CampaniaEnLista) -> CampaniaRow:
    return CampaniaRow(
        id=fila.id,
        nombre=fila.nombre,
        cliente_id=fila.cliente_id,
        cliente_nombre=fila.cliente_nombre,
        estado=fila.estado,
        fecha_inicio=al_segundo_o_nada(fila.fecha_inicio),
        fecha_fin=al_segundo_o_nada(fila.fecha_fin),
        presupuesto=fila.presupuesto,
        gasto_actual=fila.gasto_actual,
    )
