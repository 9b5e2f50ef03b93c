"""The payout service in memory."""

import json
from datetime import datetime
from decimal import Decimal

from bff.application.ports.pagos import PagosServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.exceptions import NoEncontrado, Rechazado
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
from domain.pagos import eventos
from domain.pagos.agregado import Payout
from tests.bff.gemelos.hechos import Hechos, al_segundo, mejores, pagina_de, relevancia
from tests.projections.ejemplos import payout
from tests.projections.historia_de_pagos import agregados_de


class PagosEnMemoria(PagosServicePort):
    def __init__(self, hechos: Hechos) -> None:
        self._hechos = hechos

    async def get_pagos_paginados(self, filtros: PagosFilter, pagina: Pagina) -> PaginatedPayouts:
        await self._hechos.responder("pagos")
        suyos = self._hechos.por_novedad(uno for uno in self._hechos.pagos.values() if self._cabe(uno, filtros))
        filas = tuple(map(self._fila, pagina_de(suyos, pagina)))
        return PaginatedPayouts(filas, Pagination.de(pagina, len(suyos)), _agregaciones(suyos))

    async def get_pago(self, id: str) -> PagoDetalle | None:
        await self._hechos.responder("pagos")
        pago = self._hechos.pagos.get(id)
        if pago is None or id in self._hechos.por_llegar:
            return None
        fila = self._fila(pago)
        vista = PagoView(
            id=id,
            partner_id=fila.partner_id,
            cycle_id=fila.cycle_id,
            monto=fila.monto,
            moneda=fila.moneda,
            estado=fila.estado,
            metodo_pago=MetodoPago(pago.payment_method_type, pago.payment_method_mask),
            fecha_creacion=fila.fecha_creacion,
            fecha_procesamiento=al_segundo(pago.processed_at) if pago.processed_at else None,
            fecha_completado=fila.fecha_completado,
        )
        return PagoDetalle(vista, tuple(self._lineas(id)), self._hechos.auditoria(id), pago.version)

    async def get_pago_como_de(self, id: str, como_de: str, peticion: Peticion) -> PagoDetalle:
        detalle = await self.get_pago(id)
        if detalle is None or self._hechos.eventos[id][0].timestamp.isoformat() > como_de:
            raise NoEncontrado
        return detalle

    async def existe(self, id: str, peticion: Peticion) -> bool:
        await self._hechos.responder("pagos")
        return id in self._hechos.pagos

    async def get_pagos_de_cliente(self, id: str) -> tuple[PagoDeCliente, ...]:
        await self._hechos.responder("pagos")
        return tuple(map(self._breve, self._hechos.de_cliente(id)[:5]))

    async def get_pagos_de_campania(self, id: str, cuantos: int) -> tuple[PagoDeCliente, ...]:
        await self._hechos.responder("pagos")
        suyos = (uno for uno in self._hechos.pagos.values() if uno.campania == id)
        return tuple(map(self._breve, self._hechos.por_novedad(suyos)[:cuantos]))

    async def get_resumen(self) -> ResumenPagos:
        hallada = await self.get_pagos_paginados(PagosFilter(), Pagina(1, 5))
        recientes = tuple(PagoReciente(una.id, una.partner_id, una.monto, _fecha(una)) for una in hallada.data)
        return ResumenPagos(hallada.pagination.total, hallada.agregaciones, recientes)

    async def buscar(self, q: str, limite: int) -> Hallados[PagoHallado]:
        await self._hechos.responder("pagos")
        filas = [self._fila(uno) for uno in self._hechos.por_novedad(self._hechos.pagos.values())]
        total, halladas = mejores(filas, lambda una: relevancia(q, una.id, una.partner_id, una.cycle_id), limite)
        hallados = (
            PagoHallado(una.id, Tipo.PAGO, una.partner_id, una.monto, _fecha(una), nota) for una, nota in halladas
        )
        return Hallados(total, tuple(hallados))

    async def crear_pago(self, cuerpo: bytes, peticion: Peticion) -> Aceptado:
        await self._hechos.responder("pagos")
        dicho = json.loads(cuerpo, parse_float=Decimal)
        if "currency" not in dicho:
            raise Rechazado(400, "CAMPOS_REQUERIDOS", "currency es requerido")
        nuevo = f"payout-{len(self._hechos.pagos) + 1}"
        self._hechos.ocurre("pagos", payout(nuevo, **dicho | {"total_amount": Decimal(dicho["total_amount"])}))
        return Aceptado(202, {"id": nuevo}, {"X-Posicion": f"pagos:{len(self._hechos.pagos)}"})

    async def get_salud(self) -> ServiceHealth:
        return self._hechos.salud("pagos")

    def _cabe(self, uno: Payout, filtro: PagosFilter) -> bool:
        creado, monto = self._hechos.creado(uno), uno.monto.valor
        return (
            (filtro.partner_id is None or uno.partner_id == filtro.partner_id)
            and (not filtro.estados or uno.estado in filtro.estados)
            and (filtro.fecha_desde is None or creado >= filtro.fecha_desde)
            and (filtro.fecha_hasta is None or creado <= filtro.fecha_hasta)
            and (filtro.monto_min is None or monto >= filtro.monto_min)
            and (filtro.monto_max is None or monto <= filtro.monto_max)
        )

    def _fila(self, uno: Payout) -> PagoRow:
        completado = al_segundo(uno.completed_at) if uno.completed_at else None
        creado = al_segundo(self._hechos.creado(uno))
        datos = (uno.monto.valor, uno.monto.moneda, str(uno.estado), creado, completado)
        return PagoRow(uno.id, uno.partner_id, uno.cycle_id, *datos)

    def _breve(self, uno: Payout) -> PagoDeCliente:
        fila = self._fila(uno)
        return PagoDeCliente(fila.id, fila.monto, _fecha(fila), fila.estado)

    def _lineas(self, id: str) -> list[Transaccion]:
        lineas = []
        for evento in self._hechos.eventos[id]:
            numero = f"{id}-{evento.originator_version}"
            match evento:
                case eventos.ComisionCalculada():
                    lineas.append(Transaccion(numero, "COMISION", evento.comision.valor, "Comisión por el pago"))
                case eventos.ComisionRevertida():
                    valor = -evento.comision.valor
                    lineas.append(Transaccion(numero, "REVERSO_COMISION", valor, "Devolución de la comisión"))
        return lineas


def _fecha(fila: PagoRow) -> datetime:
    return fila.fecha_completado or fila.fecha_creacion


def _agregaciones(pagos: list[Payout]) -> Agregaciones:
    suma = agregados_de(pagos)
    return Agregaciones(
        suma.total_monto,
        suma.moneda,
        suma.pagos_completados,
        suma.pagos_pendientes,
        suma.pagos_fallidos,
        suma.totales_por_moneda,
    )
