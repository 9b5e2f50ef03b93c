"""How clients, payouts and campaigns show: from their row, or from their stream when the row isn't there yet."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from domain.base.aplicacion import Aplicacion
from domain.base.errores import NoEncontrado
from domain.base.texto import es_identificador
from domain.campanias.errores import CampaniaNoEncontrada
from domain.cliente.agregado import Cliente
from domain.pagos.errores import PayoutNoEncontrado
from gateway.http.circunstancias import sistema
from gateway.http.escritura import fecha, fecha_o_nada
from gateway.http.pasado import contar
from projections.campanias import proyeccion as campanias
from projections.campanias.consultas import campania
from projections.clientes import proyeccion as clientes
from projections.clientes.consultas import cliente
from projections.motor.proyeccion import Conmutador
from projections.payouts import proyeccion as payouts
from projections.payouts.consultas import payout

F = TypeVar("F")
Vista = tuple[dict[str, Any], int]
"""A body and the aggregate's version."""


def ver_cliente(id: str) -> Vista:
    """A client. Raises NoEncontrado."""
    fila = _fila(cliente, clientes.clientes, sistema().clientes, id)
    if fila is None:
        raise NoEncontrado
    cuerpo: dict[str, Any] = {
        "id": fila.id,
        "nombre": fila.nombre,
        "email": fila.email,
        "fecha_registro": fecha(fila.fecha_registro),
        "total_pagos": fila.total_pagos,
        "ultimo_pago": fecha_o_nada(fila.ultimo_pago),
    }
    if fila.estado == "ANONIMIZADO":
        cuerpo["estado"] = fila.estado
    return cuerpo, fila.version


def ver_registro(id: str) -> dict[str, Any]:
    """What a client was registered with, so that a repeated registration answers the same."""
    (registro,) = contar(sistema().clientes, id, hasta=1)
    evento = cast(Cliente.Registrado, registro.evento)
    return {
        "id": id,
        "nombre": evento.nombre,
        "email": evento.email,
        "cedula": evento.cedula,
        "fecha_nacimiento": fecha_o_nada(evento.fecha_nacimiento),
    }


def ver_payout(id: str) -> Vista:
    """A payout. Raises PayoutNoEncontrado."""
    fila = _fila(payout, payouts.pagos, sistema().pagos, id)
    if fila is None:
        raise PayoutNoEncontrado
    cuerpo = {
        "id": fila.id,
        "partner_id": fila.partner_id,
        "cycle_id": fila.cycle_id,
        "estado": fila.estado,
        "monto_total": {"valor": fila.monto, "moneda": fila.moneda},
        "fecha_creacion": fecha(fila.fecha_creacion),
        "fecha_actualizacion": fecha(fila.fecha_actualizacion),
    }
    return cuerpo, fila.version


def ver_campania(id: str) -> Vista:
    """A campaign. Raises CampaniaNoEncontrada."""
    fila = _fila(campania, campanias.campanias, sistema().campanias, id)
    if fila is None:
        raise CampaniaNoEncontrada
    cuerpo = {
        "message": f"Campania {fila.id}",
        "id": fila.id,
        "idCliente": fila.cliente_id,
        "nombre": fila.nombre,
        "estado": fila.estado,
        "itinerario": fila.itinerario,
        "presupuesto": fila.presupuesto,
        "gasto_actual": fila.gasto_actual,
        "moneda": fila.moneda,
        "fecha_inicio": fecha_o_nada(fila.fecha_inicio),
        "fecha_fin": fecha_o_nada(fila.fecha_fin),
    }
    return cuerpo, fila.version


def _fila(
    consulta: Callable[[Connection, str], F | None], conmutador: Conmutador[F], aplicacion: Aplicacion, id: str
) -> F | None:
    """The row of ``id``; not there yet, the one that its stream will make. None when there is no such stream."""
    if not es_identificador(id):
        return None
    with sistema().motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        fila = consulta(conexion, id)
    return fila if fila is not None else _del_flujo(conmutador, aplicacion, id)


def _del_flujo(conmutador: Conmutador[F], aplicacion: Aplicacion, id: str) -> F | None:
    filas: dict[str, F] = {}
    for contado in contar(aplicacion, id):
        conmutador.aplicar(filas, contado.evento)
    return filas.get(id)
