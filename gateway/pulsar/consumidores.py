"""The loops of ``alpes consumidor``: one a topic that we listen to. Any number of processes may run.

A subscription is Failover: one process at a time gets the messages of a topic, in order, and the next one takes over.
"""

import json
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache, partial
from typing import Any

import fastavro

from gateway.bucle import a_la_vez, repetir
from gateway.composicion import Sistema, construir
from gateway.config import Config
from gateway.pulsar.admin import Administracion
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.comandos import SOBRE
from gateway.pulsar.contratos import ENVOLTURA, MensajeIlegible
from gateway.pulsar.eventos_de_pagos import NOMBRE, EventosDePagos
from gateway.pulsar.interpretes import de_comandos
from gateway.pulsar.oido import Oido
from gateway.pulsar.pendientes import topics_oidos
from gateway.pulsar.recibidos import Esquemas


def consumir(config: Config, parar: threading.Event) -> None:
    """Listen to every topic until ``parar`` is set. Raises what ``construir`` raises."""
    with construir(config) as sistema, ExitStack() as al_final:
        a_la_vez([partial(_escuchar, uno, parar) for uno in oidos_de(sistema, config, al_final)], parar)


def oidos_de(sistema: Sistema, config: Config, al_final: ExitStack) -> list[Oido]:
    """One for each topic; what must be stored at the end is left to ``al_final``."""
    topics, sobre = topics_oidos(config), json.dumps(SOBRE, ensure_ascii=False)
    eventos = eventos_de_pagos(sistema, config)
    al_final.callback(eventos.cerrar)
    comandos = [
        Oido(una.consumidor, topics[una.consumidor], una, config, esquema=sobre)
        for una in de_los_comandos(sistema, config)
    ]
    return [Oido(NOMBRE, topics[NOMBRE], eventos, config), *comandos]


def bandejas(sistema: Sistema, config: Config) -> dict[str, Bandeja]:
    """The inbox of each consumer, by name."""
    todas = [eventos_de_pagos(sistema, config).bandeja, *de_los_comandos(sistema, config)]
    return {una.consumidor: una for una in todas}


def eventos_de_pagos(sistema: Sistema, config: Config) -> EventosDePagos:
    """What becomes of the messages about payments."""
    return EventosDePagos(sistema, esquemas_de(config, topics_oidos(config)[NOMBRE], ENVOLTURA))


def de_los_comandos(sistema: Sistema, config: Config) -> list[Bandeja]:
    """The inboxes of the commands."""
    topics, hechas = topics_oidos(config), []
    for aplicacion in sistema.aplicaciones.values():
        nombre = f"comandos.{aplicacion.modulo}"
        esquemas = esquemas_de(config, topics[nombre], SOBRE)
        hechas.append(Bandeja(nombre, aplicacion, de_comandos(aplicacion, sistema.reloj), sistema, esquemas))
    return hechas


def esquemas_de(config: Config, topic: str, nuestro: Mapping[str, Any]) -> Esquemas:
    """The schemas of a topic, each asked for once. Where nobody can be asked, all are taken for ``nuestro``."""

    @cache
    def de(version: int) -> Any:
        administracion = Administracion.de(config)
        if administracion is None:
            return fastavro.parse_schema(dict(nuestro))
        with administracion:
            dicho = administracion.esquema(topic, version)
        if dicho is None:
            raise MensajeIlegible("el broker no conoce su esquema")
        return fastavro.parse_schema(json.loads(dicho))

    return de


def _escuchar(oido: Oido, parar: threading.Event) -> None:
    repetir(f"consumidor:{oido.nombre}", oido.paso, parar)
    oido.cerrar()
