"""Command messages to their committed effect: many in a transaction, against one message a transaction."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from time import perf_counter

import pulsar

from gateway.composicion import Sistema, construir
from gateway.config import Config
from gateway.pulsar.bandeja import JUNTOS, Bandeja
from gateway.pulsar.cliente import conectar
from gateway.pulsar.comandos import SOBRE
from gateway.pulsar.consumidores import esquemas_de
from gateway.pulsar.interpretes import de_comandos
from gateway.pulsar.oido import LOTE, Oido
from gateway.pulsar.recibidos import Recibido
from gateway.topics import Topics
from tests.banco.medir import Razon, comparar
from tests.broker import broker_compartido

MENSAJES = 1000
_numeros = count()


def medir(config: Config, rondas: int) -> list[Razon]:
    """One ratio of messages a second. Every round has a topic of its own, which is full before it begins."""
    with ExitStack() as pila:
        broker = pila.enter_context(broker_compartido(config.alpes_dir / "broker"))
        config = replace(config, pulsar_broker_url=broker.url, pulsar_admin_url=broker.url_admin)
        sistema = pila.enter_context(construir(config))
        cliente = conectar(config)
        pila.callback(cliente.close)
        return comparar(
            "consumidor, del topic al efecto guardado",
            lambda: _atender(config, sistema, cliente, JUNTOS, LOTE),
            {"un mensaje por transacción": (lambda: _atender(config, sistema, cliente, 1, 1), 5.0)},
            rondas,
        )


def _atender(config: Config, sistema: Sistema, cliente: pulsar.Client, juntos: int, lote: int) -> float:
    """Messages a second from a full topic until the effect of the last one is stored."""
    topic = Topics.con_prefijo(f"banco-{next(_numeros)}").comandos["pagos"]
    interprete = de_comandos(sistema.pagos, sistema.reloj)
    bandeja = Bandeja(
        "comandos.pagos", sistema.pagos, interprete, sistema, esquemas_de(config, topic, SOBRE), juntos=juntos
    )
    contador = Contador(bandeja)
    oido = Oido("banco", topic, contador, config, lote=lote)
    oido.paso()
    # The broker lets a subscription that is new wait for a second, whoever reads it: that is no part of the work.
    _llenar(cliente, topic, 1)
    _contar(oido, contador, 1)
    _llenar(cliente, topic, MENSAJES)
    inicio = perf_counter()
    _contar(oido, contador, 1 + MENSAJES)
    ritmo = MENSAJES / (perf_counter() - inicio)
    oido.cerrar()
    return ritmo


def _contar(oido: Oido, contador: "Contador", cuantos: int) -> None:
    while contador.contados < cuantos:
        oido.paso()


class Contador:
    """Counts the messages whose effect is stored."""

    def __init__(self, bandeja: Bandeja) -> None:
        self._bandeja, self.contados = bandeja, 0

    def atender(self, recibidos: Sequence[Recibido]) -> None:
        self._bandeja.atender(recibidos)
        self.contados += len(recibidos)


def _llenar(cliente: pulsar.Client, topic: str, cuantos: int) -> None:
    productor = cliente.create_producer(topic, block_if_queue_full=True)
    for mensaje in _mensajes(cuantos):
        productor.send_async(mensaje, lambda *_: None)
    productor.flush()
    productor.close()


def _mensajes(cuantos: int) -> Iterator[bytes]:
    for _ in range(cuantos):
        numero = next(_numeros)
        datos = {
            "partner_id": f"PARTNER{numero % 50:03}",
            "cycle_id": "CYCLE-2024-09",
            "total_amount": 1250.5,
            "currency": "USD",
        }
        sobre = {"schemaVersion": "1", "eventId": f"banco-{numero}", "type": "CrearPago.v1", "data": datos}
        yield json.dumps(sobre).encode()
