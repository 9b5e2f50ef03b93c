"""Whether log, tracking and topic are of one history: after a restore of the database or of the broker they may not be.

Messages and events are compared by what they are, and not by their position, which two histories both use.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pulsar

from domain.base.aplicacion import Aplicacion
from gateway.config import Config
from gateway.eventos.identidad import evento_de
from gateway.eventos.log import LogDeAplicacion
from gateway.pulsar.admin import Administracion
from gateway.pulsar.contratos import Mensaje
from gateway.pulsar.cotejo import huella_de, segun_el_log
from gateway.pulsar.diferencias import Alineacion, Perdido, Vistos
from gateway.pulsar.emisor import nombre_de
from gateway.pulsar.lugares import Lugares
from gateway.pulsar.topico import Topico

Latido = Callable[[], None]
"""Called now and then by what takes long."""
INTENTOS, PAUSA = 4, 0.25
"""Looks for the name of our producer, which a relay that can't go on holds now and then, and seconds between two."""


def mirar(
    aplicacion: Aplicacion,
    config: Config,
    cliente: pulsar.Client,
    lugares: Callable[[], Lugares],
    *,
    memoria: int | None = None,
    desde: int | None = None,
    latido: Latido = lambda: None,
) -> Alineacion:
    """Compare the whole topic with the log, changing neither. ``desde``: what is missing from there on is lost.

    ``memoria`` None asks for it. Raises PulsarException, FallaDeBroker and eventsourcing's OperationalError.
    """
    topic = config.topics.eventos[aplicacion.modulo]
    topico = Topico(cliente, topic, nombre_de(aplicacion.modulo))
    vistos, hay, antes = Vistos(), existe(config, topic), lugares()
    # In the order in which an event comes about, backwards: nothing that happens meanwhile looks amiss.
    for uno in topico.mensajes() if hay else ():
        vistos.anotar(uno)
        latido()
    if memoria is None:
        memoria = recordada(cliente, topic, aplicacion.modulo) if hay else -1
    visto = Alineacion(aplicacion.modulo, topic, 0, antes, memoria, vistos, 0)
    _comparar(visto, aplicacion, desde, latido)
    visto.lugares = replace(lugares(), relevo=antes.relevo)
    if vistos.huellas:
        visto.perdidos = list(_perdidos(aplicacion, topico, vistos.huellas, latido))
    return visto


def _comparar(visto: Alineacion, aplicacion: Aplicacion, desde: int | None, latido: Latido) -> None:
    log, huellas = LogDeAplicacion(aplicacion), visto.vistos.huellas
    visto.final_en_el_log = any(una.posicion == visto.final for una in log.leer(visto.final - 1, 1))
    visto.desde = _primera(visto) if desde is None else desde
    for debido in segun_el_log(aplicacion):
        latido()
        huella = huella_de(debido)
        if huella in huellas:
            huellas.discard(huella)
            visto.comun_en = debido.ocurrido_en
        elif debido.posicion >= visto.desde:
            visto.faltan.append(debido.posicion)
            visto.ids[debido.posicion] = debido.event_id
    visto.cabeza = log.cabeza()
    ultimo = visto.vistos.ultimo
    if ultimo is not None and huella_de(ultimo.mensaje) in huellas:
        visto.final_en_el_log = False


def existe(config: Config, topic: str) -> bool:
    """Whether there is such a topic, as far as can be asked: to read it would create it. Raises FallaDeBroker."""
    administracion = Administracion.de(config)
    if administracion is None:
        return True
    with administracion:
        return administracion.estadisticas(topic) is not None


def recordada(cliente: pulsar.Client, topic: str, modulo: str) -> int | None:
    """The last sequence id that the broker remembers of our relay, -1 for none. Sends nothing."""
    for _ in range(INTENTOS):
        try:
            productor = cliente.create_producer(topic, producer_name=nombre_de(modulo))
        except pulsar.ProducerBusy:
            time.sleep(PAUSA)
            continue
        try:
            return int(productor.last_sequence_id())
        finally:
            productor.close()
    return None


def _primera(visto: Alineacion) -> int:
    """The position from which on the topic must have what the log tells."""
    primero = visto.vistos.primero
    if primero is not None:
        if not primero.mensaje.posicion_anterior:
            return 1
        # What stands first was told late: what came before it is gone, and it was later.
        return primero.hasta if primero.hasta > primero.mensaje.posicion else primero.mensaje.posicion
    if (visto.memoria or -1) < 0:
        # Nobody remembers anything: all is to be told, unless we can't know.
        return 1 if visto.memoria is not None else visto.lugares.relevo + 1
    return (visto.final if visto.final_en_el_log else visto.lugares.relevo) + 1


def _perdidos(aplicacion: Aplicacion, topico: Topico, huellas: set[bytes], latido: Latido) -> Iterator[Perdido]:
    recorder = aplicacion.recorder
    for uno in topico.mensajes():
        latido()
        mensaje: Mensaje = uno.mensaje
        if huella_de(mensaje) in huellas:
            # Others may use the relay's name while it is away, and call an event anything.
            _, stream, version = evento_de(mensaje.event_id) or ("", "", 1)
            otro = recorder.select_events(stream, gt=version - 1, lte=version)
            yield Perdido(
                mensaje.event_id, mensaje.tipo, mensaje.aggregate_id, mensaje.posicion, mensaje.ocurrido_en,
                uno.lugar, uno.publicado_en.isoformat(), bool(otro),
            )  # fmt: skip
