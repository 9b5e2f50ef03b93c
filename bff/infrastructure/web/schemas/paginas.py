"""How pages show. They are written from the models: these schemas document them."""

from marshmallow import Schema, fields

from bff.domain.models.search_result import Tipo
from bff.infrastructure.web.schemas.tipos import (
    detalles,
    entero,
    estado_de_campania,
    estado_de_pago,
    fecha,
    lista,
    moneda_del_total,
    montos,
    notas,
    numero,
    opcion,
    parte,
    texto,
)
from projections.payouts.consultas import DESCRIPCIONES


class Error(Schema):
    error = texto()
    message = texto()
    details = detalles()


class Problema(Schema):
    """RFC 9457, when ``Accept: application/problem+json`` asks for it."""

    type, title, status, detail = texto(), texto(), entero(), texto()
    codigo, instance, details = texto(), texto(), detalles()


class Paginacion(Schema):
    page, per_page, total, pages = entero(), entero(), entero(), entero()
    has_next, has_prev = fields.Boolean(required=True), fields.Boolean(required=True)


class ClienteEnLista(Schema):
    id, nombre, email = texto(), texto(), texto()
    fecha_registro, total_pagos, ultimo_pago = fecha(), entero(), fecha(nulo=True)


class PaginaDeClientes(Schema):
    data, pagination = lista(ClienteEnLista), parte(Paginacion)


class PagoEnLista(Schema):
    id, partner_id, cycle_id, monto, moneda = texto(), texto(), texto(), numero(), texto()
    estado = estado_de_pago()
    fecha_creacion, fecha_completado = fecha(), fecha(nulo=True)


class Agregaciones(Schema):
    total_monto, moneda = numero(), moneda_del_total()
    pagos_completados, pagos_pendientes, pagos_fallidos = entero(), entero(), entero()
    totales_por_moneda = montos()


class PaginaDePagos(Schema):
    data, pagination, agregaciones = lista(PagoEnLista), parte(Paginacion), parte(Agregaciones)


class CampaniaEnLista(Schema):
    id, nombre, cliente_id, cliente_nombre = texto(), texto(), texto(), texto(nulo=True)
    estado = estado_de_campania()
    fecha_inicio, fecha_fin = fecha(nulo=True), fecha(nulo=True)
    presupuesto, gasto_actual = numero(nulo=True), numero()


class PaginaDeCampanias(Schema):
    data, pagination = lista(CampaniaEnLista), parte(Paginacion)


class PagoReciente(Schema):
    id, partner_id, monto, fecha = texto(), texto(), numero(), fecha()


class ClienteReciente(Schema):
    id, nombre, email = texto(), texto(), texto()


class Tablero(Schema):
    """A total is null when nobody could tell it, and the notes say why."""

    total_clientes, total_pagos, total_campanias = entero(nulo=True), entero(nulo=True), entero(nulo=True)
    pagos_recientes, clientes_recientes = lista(PagoReciente), lista(ClienteReciente)
    pagos = parte(Agregaciones, nulo=True)
    campanias_por_estado = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    notas = notas()


class Cliente(Schema):
    id, nombre, email, cedula = texto(), texto(nulo=True), texto(nulo=True), texto(nulo=True)
    fecha_registro = fecha()
    estado = fields.String(metadata={"description": "Solo en un cliente anonimizado", "enum": ["ANONIMIZADO"]})


class Estadisticas(Schema):
    total_pagos, monto_total, moneda = entero(), numero(), moneda_del_total()
    totales_por_moneda, primer_pago, ultimo_pago = montos(), fecha(nulo=True), fecha(nulo=True)


class PagoBreve(Schema):
    id, monto, fecha, estado = texto(), numero(), fecha(), estado_de_pago()


class CampaniaBreve(Schema):
    id, nombre, estado = texto(), texto(), estado_de_campania()


class DetalleDeCliente(Schema):
    cliente, estadisticas = parte(Cliente), parte(Estadisticas)
    pagos_recientes, campanias_activas, notas = lista(PagoBreve), lista(CampaniaBreve), notas()


class ClienteCreado(Schema):
    """The data are null when the registration of somebody who was forgotten since is repeated."""

    id, nombre, email, cedula = texto(), texto(nulo=True), texto(nulo=True), texto(nulo=True)
    fecha_nacimiento, fecha_registro = fecha(nulo=True), fecha(nulo=True)


class MetodoDePago(Schema):
    tipo, mascara = texto(nulo=True), texto(nulo=True)


class Pago(Schema):
    id, partner_id, cycle_id, monto, moneda = texto(), texto(), texto(), numero(), texto()
    estado = estado_de_pago()
    metodo_pago = parte(MetodoDePago)
    fecha_creacion, fecha_procesamiento, fecha_completado = fecha(), fecha(nulo=True), fecha(nulo=True)


class Transaccion(Schema):
    id, tipo, monto, descripcion = texto(), opcion(*DESCRIPCIONES), numero(), texto()


class Evento(Schema):
    timestamp, evento, usuario = fecha(), texto(), texto()


class Auditoria(Schema):
    eventos = lista(Evento)


class DetalleDePago(Schema):
    pago, transacciones, auditoria = parte(Pago), lista(Transaccion), parte(Auditoria)


class DetalleDeCampania(Schema):
    campania, moneda = parte(CampaniaEnLista), texto(nulo=True)
    itinerario = fields.List(fields.String(), required=True)
    pagos, auditoria, notas = lista(PagoBreve), parte(Auditoria), notas()


class Aceptado(Schema):
    id = texto()


class DatosDeCampania(Schema):
    idCampania, idCliente = texto(), texto()  # noqa: N815 - the contract's own words
    itinerario = fields.List(fields.String(), required=True)


class CampaniaCreada(Schema):
    message, data = texto(), parte(DatosDeCampania)


class ClienteHallado(Schema):
    id, tipo, nombre, email, relevancia = texto(), opcion(Tipo.CLIENTE), texto(), texto(), numero()


class PagoHallado(Schema):
    id, tipo, partner_id, monto, fecha, relevancia = texto(), opcion(Tipo.PAGO), texto(), numero(), fecha(), numero()


class CampaniaHallada(Schema):
    id, tipo, nombre, cliente, relevancia = texto(), opcion(Tipo.CAMPANIA), texto(), texto(nulo=True), numero()


class Resultados(Schema):
    clientes, pagos, campanias = lista(ClienteHallado), lista(PagoHallado), lista(CampaniaHallada)


class Hallazgos(Schema):
    query, total_results, results, notas = texto(), entero(), parte(Resultados), notas()
