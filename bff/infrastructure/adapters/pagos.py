"""The payout service: its query tables for pages, HTTP for commands, the past and its health."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from sqlalchemy import Connection

from bff.application.ports.pagos import PagosServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.models.auditoria import Auditoria, Hecho, contar
from bff.domain.models.health import ServiceHealth
from bff.domain.models.pagina import Pagina, Pagination
from bff.domain.models.pago_view import (
    Agregaciones,
    MetodoPago,
    PaginatedPayouts,
    PagoDeCliente,
    PagoDetalle,
    PagoReciente,
    PagoRow,
    PagosFilter,
    PagoView,
    ResumenPagos,
    Transaccion,
)
from bff.domain.models.search_result import Hallados, PagoHallado, Tipo
from bff.infrastructure.adapters.core import Core
from bff.infrastructure.adapters.historia import Historia
from bff.infrastructure.adapters.lectura import Lectura
from bff.infrastructure.adapters.tiempos import al_segundo, al_segundo_o_nada, utc_o_nada
from projections.busqueda import consultas as busqueda
from projections.clientes import consultas as clientes
from projections.event_store.consultas import historia
from projections.payouts import consultas
from projections.payouts.agregados import Agregados
from projections.payouts.filtro import Filtro, estados

RECIENTES = 5


class _Aceptado(msgspec.Struct):
    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{1,64}\Z")]


class _Dinero(msgspec.Struct):
    valor: Decimal
    moneda: str


class _Payout(msgspec.Struct):
    id: str
    partner_id: str
    cycle_id: str
    estado: str
    monto: _Dinero
    payment_method_type: str | None = None
    payment_method_mask: str | None = None
    processed_at: datetime | None = None
    completed_at: datetime | None = None


class PagosServiceAdapter(PagosServicePort):
    def __init__(self, lectura: Lectura, core: Core) -> None:
        self._lectura, self._core = lectura, core

    async def get_pagos_paginados(self, filtros: PagosFilter, pagina: Pagina) -> PaginatedPayouts:
        filtro = _filtro(filtros)
        hallada = await self._lectura.leer(
            lambda con: consultas.listar(con, filtro, pagina=pagina.page, por_pagina=pagina.per_page)
        )
        paginacion = Pagination.de(pagina, hallada.agregados.total)
        return PaginatedPayouts(tuple(map(_fila, hallada.filas)), paginacion, _agregaciones(hallada.agregados))

    async def get_pago(self, id: str) -> PagoDetalle | None:
        return await self._lectura.leer(lambda con: _detalle(con, id))

    async def get_pago_como_de(self, id: str, como_de: str, peticion: Peticion) -> PagoDetalle:
        entonces = await Historia.pedir(self._core, "pagos", id, como_de, peticion)
        pago = self._core.exigir(entonces.estado, _Payout)
        auditoria = contar(entonces.hechos)
        vista = PagoView(
            id=pago.id,
            partner_id=pago.partner_id,
            cycle_id=pago.cycle_id,
            monto=pago.monto.valor,
            moneda=pago.monto.moneda,
            estado=pago.estado,
            metodo_pago=MetodoPago(pago.payment_method_type, pago.payment_method_mask),
            fecha_creacion=auditoria.eventos[0].timestamp,
            fecha_procesamiento=utc_o_nada(pago.processed_at),
            fecha_completado=utc_o_nada(pago.completed_at),
        )
        lineas = tuple(self._linea(id, hecho, *LINEAS[hecho.tipo]) for hecho in entonces.hechos if hecho.tipo in LINEAS)
        return PagoDetalle(vista, lineas, auditoria, entonces.version)

    async def existe(self, id: str, peticion: Peticion) -> bool:
        return await self._core.hay(f"/pagos/{self._core.parte(id)}", peticion)

    async def get_pagos_de_cliente(self, id: str) -> tuple[PagoDeCliente, ...]:
        return tuple(map(_breve, await self._lectura.leer(lambda con: clientes.pagos_recientes(con, id))))

    async def get_pagos_de_campania(self, id: str, cuantos: int) -> tuple[PagoDeCliente, ...]:
        return tuple(map(_breve, await self._lectura.leer(lambda con: clientes.pagos_de_campania(con, id, cuantos))))

    async def get_resumen(self) -> ResumenPagos:
        hallada = await self._lectura.leer(lambda con: consultas.listar(con, Filtro(), por_pagina=RECIENTES))
        recientes = tuple(
            PagoReciente(uno.id, uno.partner_id, uno.monto, al_segundo(uno.fecha)) for uno in hallada.filas
        )
        return ResumenPagos(hallada.agregados.total, _agregaciones(hallada.agregados), recientes)

    async def buscar(self, q: str, limite: int) -> Hallados[PagoHallado]:
        hallado = await self._lectura.leer(lambda con: busqueda.buscar(con, q, (busqueda.Tipo.PAGO,), limite))
        return Hallados(
            hallado.total,
            tuple(
                PagoHallado(uno.id, Tipo.PAGO, uno.partner_id, uno.monto, al_segundo(uno.fecha), uno.relevancia)
                for uno in hallado.pagos
            ),
        )

    async def crear_pago(self, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        aceptado = await self._core.enviar("/pagos/pagar", cuerpo, peticion)
        self._core.exigir(aceptado.cuerpo, _Aceptado)
        return aceptado

    async def get_salud(self) -> ServiceHealth:
        return await self._core.salud()

    def _linea(self, id: str, hecho: Hecho, tipo: str, signo: int) -> Transaccion:
        comision = self._core.exigir(hecho.datos.get("comision"), _Dinero)
        # The plus takes the sign from a zero.
        monto = +(signo * comision.valor)
        return Transaccion(f"{id}-{hecho.version}", tipo, monto, consultas.DESCRIPCIONES[tipo])


LINEAS = {"PagoComisionCalculada.v1": ("COMISION", 1), "PagoComisionRevertida.v1": ("REVERSO_COMISION", -1)}
"""The events that leave a transaction: its type and its sign."""


def _filtro(dicho: PagosFilter) -> Filtro:
    return Filtro(
        partner_id=dicho.partner_id,
        estados=estados(",".join(dicho.estados)) if dicho.estados else frozenset(),
        desde=dicho.fecha_desde,
        hasta=dicho.fecha_hasta,
        monto_min=dicho.monto_min,
        monto_max=dicho.monto_max,
    )


def _detalle(con: Connection, id: str) -> PagoDetalle | None:
    hallado = consultas.detalle(con, id)
    if hallado is None:
        return None
    pago = hallado.pago
    vista = PagoView(
        id=pago.id,
        partner_id=pago.partner_id,
        cycle_id=pago.cycle_id,
        monto=pago.monto,
        moneda=pago.moneda,
        estado=pago.estado,
        metodo_pago=MetodoPago(pago.payment_method_type, pago.payment_method_mask),
        fecha_creacion=al_segundo(pago.fecha_creacion),
        fecha_procesamiento=al_segundo_o_nada(pago.fecha_procesamiento),
        fecha_completado=al_segundo_o_nada(pago.fecha_completado),
    )
    lineas = tuple(Transaccion(una.id, una.tipo, una.monto, una.descripcion) for una in hallado.transacciones)
    return PagoDetalle(vista, lineas, auditoria_hasta(con, "Payout", id, pago.version), pago.version)


def auditoria_hasta(con: Connection, agregado: Any, id: str, version: int) -> Auditoria:
    """The trail of a stream as far as its row: another read model, it may be ahead."""
    eventos = historia(con, agregado, id)
    return contar(Hecho(uno.version, uno.tipo, uno.registrado, uno.datos) for uno in eventos if uno.version <= version)


def _agregaciones(suma: Agregados) -> Agregaciones:
    return Agregaciones(
        total_monto=suma.total_monto,
        moneda=suma.moneda,
        pagos_completados=suma.pagos_completados,
        pagos_pendientes=suma.pagos_pendientes,
        pagos_fallidos=suma.pagos_fallidos,
        totales_por_moneda=suma.totales_por_moneda,
    )


def _fila(fila: consultas.PagoEnLista) -> PagoRow:
    creacion, completado = al_segundo(fila.fecha_creacion), al_segundo_o_nada(fila.fecha_completado)
    return PagoRow(fila.id, fila.partner_id, fila.cycle_id, fila.monto, fila.moneda, fila.estado, creacion, completado)


def _breve(fila: consultas.PagoEnLista) -> PagoDeCliente:
    return PagoDeCliente(fila.id, fila.monto, al_segundo(fila.fecha), fila.estado)
