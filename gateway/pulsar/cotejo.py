"""The proof that a topic says what the log says: each event once, in order, in the very words of the contract."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

import pulsar

from domain.base.aplicacion import Aplicacion
from gateway.eventos.log import LogDeAplicacion
from gateway.pulsar.contratos import Mensaje, codificar
from gateway.pulsar.emisor import nombre_de
from gateway.pulsar.topico import Topico
from gateway.pulsar.traduccion import traducir

LOTE = 1000


@dataclass(frozen=True, slots=True)
class Cotejo:
    """What differs, as positions in the log. Empty lists: the topic is what the log says it should be."""

    contados: int
    faltan: list[int]
    sobran: list[int]
    repetidos: list[int]
    cambiados: list[int]
    en_desorden: list[int]

    @property
    def iguales(self) -> bool:
        return not (self.faltan or self.sobran or self.repetidos or self.cambiados or self.en_desorden)


def cotejar(aplicacion: Aplicacion, cliente: pulsar.Client, topic: str) -> Cotejo:
    """Compare all that our relay has told on ``topic`` with the whole log of ``aplicacion``.

    Raises PulsarException and eventsourcing's OperationalError when one of the two can't be read.
    """
    dichos = (uno.mensaje for uno in Topico(cliente, topic, nombre_de(aplicacion.modulo)).mensajes())
    return comparar(segun_el_log(aplicacion), dichos)


def segun_el_log(aplicacion: Aplicacion, desde: int = 0) -> Iterator[Mensaje]:
    """Every message that the log of ``aplicacion`` makes, in order; after position ``desde`` only."""
    log, leida, anterior = LogDeAplicacion(aplicacion), desde, desde
    while filas := log.leer(leida, LOTE):
        for fila, evento in zip(filas, log.abrir_sin_personales(filas), strict=True):
            mensaje = traducir(aplicacion.name, fila.posicion, anterior, evento)
            if mensaje is not None:
                anterior = fila.posicion
                yield mensaje
        leida = filas[-1].posicion


def huella_de(mensaje: Mensaje) -> bytes:
    """What makes a message that of one event, whatever version of this program told it.

    The id alone does not: a stream that was restored from an older copy gives the same ids to other events.
    """
    return blake2b(f"{mensaje.event_id} {mensaje.ocurrido_en}".encode(), digest_size=16).digest()


def comparar(debidos: Iterable[Mensaje], dichos: Iterable[Mensaje]) -> Cotejo:
    """Compare messages that should have been told with those that were, in the order in which they were."""
    segun_log = {uno.posicion: codificar(uno) for uno in debidos}
    oidos = [(uno.posicion, codificar(uno)) for uno in dichos]
    veces = Counter(posicion for posicion, _ in oidos)
    orden = [posicion for posicion, _ in oidos]
    return Cotejo(
        contados=len(oidos),
        faltan=[posicion for posicion in segun_log if posicion not in veces],
        sobran=[posicion for posicion in veces if posicion not in segun_log],
        repetidos=[posicion for posicion, cuantas in veces.items() if cuantas > 1],
        cambiados=[posicion for posicion, dicho in oidos if segun_log.get(posicion, dicho) != dicho],
        en_desorden=[despues for antes, despues in pairwise(orden) if despues < antes],
    )
