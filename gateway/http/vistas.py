"""How clients, payouts and campaigns show: from their row, or from their stream when the row isn't there yet."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from domain.base.aplicacion import Aplicacion
from domain.base.errores import NoEncontrado
from domain.base.monedas import moneda_principal
from domain.base.texto import es_identificador
from domain.campanias.errores import CampaniaNoEncontrada
from domain.cliente.agregado import Cliente
from domain.pagos.errores import PayoutNoEncontrado
from gateway.auditoria.historia import contar
from gateway.auditoria.vinculos import doblar, vinculos_de
from gateway.http.circunstancias import sistema
from gateway.http.escritura import fecha, fecha_o_nada
from gateway.http.posiciones import exigir_al_dia
from projections.campanias import proyeccion as campanias
from projections.campanias.consultas import campania
from projections.clientes import proyeccion as clientes
from projections.clientes.consultas import cliente, pagado
from projections.clientes.tabla import FilaDeCliente
from projections.motor.proyeccion import Conmutador
from projections.payouts import proyeccion as payouts
from projections.payouts.consultas import payout

F = TypeVar("F")
Vista = tuple[dict[str, Any], int]
"""A body and the aggregate's version."""


def ver_cliente(id: str, como_de: datetime | None, *, con_totales: bool = False) -> Vista:
    """A client; as of the past and ``con_totales``, also what its payments summed. Raises NoEncontrado."""
    fila = _fila_de_cliente(id, como_de)
    if fila is None:
        raise NoEncontrado
    totales = {} if como_de is None else _contar_pagos(fila, como_de)
    cuerpo: dict[str, Any] = {
        "id": fila.id,
        "nombre": fila.nombre,
        "email": fila.email,
        "fecha_registro": fecha(fila.fecha_registro),
        "total_pagos": fila.total_pagos,
        "ultimo_pago": fecha_o_nada(fila.ultimo_pago),
        **(totales if con_totales else {}),
    }
    if fila.estado == "ANONIMIZADO":
        cuerpo["estado"] = fila.estado
    return cuerpo, fila.version


def ver_registro(id: str) -> dict[str, Any]:
    """What a client was registered with, so that a repeated registration answers the same."""
    (registro,) = contar(sistema().tienda, sistema().clientes, id, hasta=1)
    evento = cast(Cliente.Registrado, registro.evento)
    return {
        "id": id,
        "nombre": evento.nombre,
        "email": evento.email,
        "cedula": evento.cedula,
        "fecha_nacimiento": fecha_o_nada(evento.fecha_nacimiento),
    }


def ver_payout(id: str, como_de: datetime | None) -> Vista:
    """A payout. Raises PayoutNoEncontrado."""
    fila = _fila(payout, payouts.pagos, sistema().pagos, id, como_de)
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


def ver_campania(id: str, como_de: datetime | None) -> Vista:
    """A campaign. Raises CampaniaNoEncontrada."""
    fila = _fila(campania, campanias.campanias, sistema().campanias, id, como_de)
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


def _fila_de_cliente(id: str, como_de: datetime | None) -> FilaDeCliente | None:
    """As ``_fila``. What a client was paid is not in its stream: the tables know it before its row is there."""
    fila = _guardada(cliente, id) if como_de is None else None
    if fila is not None:
        return fila
    fila = _doblada(clientes.clientes, sistema().clientes, id, como_de)
    if fila is not None and como_de is None:
        fila.total_pagos, fila.ultimo_pago = _leer(pagado, id)
    return fila


def _fila(
    consulta: Callable[[Connection, str], F | None],
    conmutador: Conmutador[F],
    aplicacion: Aplicacion,
    id: str,
    como_de: datetime | None,
) -> F | None:
    """The row of ``id``; not there yet, or asked for as of the past, the one that its stream makes.

    None when there is no such stream, or was none then.
    """
    fila = _guardada(consulta, id) if como_de is None else None
    return _doblada(conmutador, aplicacion, id, como_de) if fila is None else fila


def _guardada(consulta: Callable[[Connection, str], F | None], id: str) -> F | None:
    return _leer(consulta, id) if es_identificador(id) else None


def _leer(consulta: Callable[[Connection, str], F], id: str) -> F:
    with sistema().motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        return consulta(conexion, id)


def _doblada(conmutador: Conmutador[F], aplicacion: Aplicacion, id: str, como_de: datetime | None) -> F | None:
    if not es_identificador(id):
        return None
    return doblar(conmutador, contar(sistema().tienda, aplicacion, id, hasta=como_de)).get(id)


def _contar_pagos(fila: FilaDeCliente, como_de: datetime) -> dict[str, Any]:
    """Payments, and whose they were, as they were recorded by then. Returns what they summed."""
    exigir_al_dia("clientes")
    pagos, montos, cuando = Counter[str](), defaultdict[str, Decimal](Decimal), []
    for vinculo in vinculos_de(sistema(), fila.id, como_de):
        if vinculo.completado_en is not None:
            pagos[vinculo.moneda] += 1
            montos[vinculo.moneda] += vinculo.monto
            cuando.append(vinculo.completado_en)
    fila.total_pagos, fila.ultimo_pago = len(cuando), max(cuando, default=None)
    moneda = moneda_principal(pagos)
    return {
        "primer_pago": fecha_o_nada(min(cuando, default=None)),
        "monto_total": Decimal(0) if moneda is None else montos[moneda],
        "moneda": moneda,
        "totales_por_moneda": dict(sorted(montos.items())),
    }
