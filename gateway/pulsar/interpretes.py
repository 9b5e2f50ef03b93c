"""What follows from a message: the outcome of a command, or what ``domain/politicas`` make of a payment."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from domain.base.aplicacion import Aplicacion
from domain.base.contexto import Actor, Contexto, en_contexto
from domain.base.errores import ErrorDeDominio, EscrituraDisputada
from domain.base.rechazo import Rechazo
from domain.politicas import POLITICAS
from gateway.bitacora import renglon
from gateway.pulsar.comandos import COMANDOS, orden_de
from gateway.pulsar.hechos import hecho_de_pago
from gateway.pulsar.pendiente import Hacer, Interprete
from gateway.pulsar.recibidos import Leido


def de_comandos(aplicacion: Aplicacion, reloj: Callable[[], datetime]) -> Interprete:
    """Commands to one application. A refusal is an outcome like any other: an event."""
    actor = Actor("mensaje", f"comandos.{aplicacion.modulo}")

    def interpretar(leido: Leido) -> Hacer:
        def hacer(adjuntos: Mapping[str, Any]) -> dict[str, Any] | None:
            contexto = Contexto(reloj(), actor, leido.correlacion or leido.id, leido.id, adjuntos=adjuntos)
            try:
                orden = orden_de(aplicacion.modulo, leido)
                aplicacion.ejecutar(orden, contexto)
                return renglon(orden, contexto, de=leido.stream)
            except EscrituraDisputada:
                raise
            except ErrorDeDominio as error:
                with en_contexto(contexto):
                    aplicacion.guardar(_rechazo(aplicacion.modulo, leido, error))
                return None

        return hacer

    return interpretar


def de_pagos_ajenos(campanias: Aplicacion, reloj: Callable[[], datetime]) -> Interprete:
    """Facts of payments that others tell: the reactions are those to our own."""

    def interpretar(leido: Leido) -> Hacer | None:
        hecho = hecho_de_pago(leido, reloj())
        ordenes = [(una.NOMBRE, una.reaccionar(hecho)) for una in POLITICAS if una.ORIGEN == "pagos"]
        hallada = next(((nombre, orden) for nombre, orden in ordenes if orden is not None), None)
        if hallada is None:
            return None
        nombre, orden = hallada

        def hacer(adjuntos: Mapping[str, Any]) -> dict[str, Any]:
            actor, correlacion = Actor("reaccion", nombre), leido.correlacion or leido.id
            contexto = Contexto(reloj(), actor, correlacion, leido.id, adjuntos=adjuntos)
            hecha = campanias.ejecutar(orden, contexto)
            return renglon(orden, contexto, reaccion=nombre, de=hecha.id)

        return hacer

    return interpretar


def _rechazo(modulo: str, leido: Leido, error: ErrorDeDominio) -> Rechazo:
    # What was told may be anything: only what can be a command's name or an id is told on.
    return Rechazo(
        id=Rechazo.id_de(leido.id),
        comando=leido.tipo if leido.tipo in COMANDOS[modulo] else "",
        agregado_id=leido.stream,
        mensaje_id=leido.id,
        codigo=error.codigo,
        motivo=str(error),
    )
