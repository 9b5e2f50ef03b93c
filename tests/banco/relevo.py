"""The relay: a full log told on a topic, against the bare client with the same messages; and how soon what was
accepted is there."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import count
from statistics import median, quantiles
from time import perf_counter, sleep

import pulsar
from sqlalchemy.orm import Session

from gateway.composicion import Sistema, construir
from gateway.config import RAIZ, Config, para_hijos
from gateway.eventos.log import LogDeAplicacion
from gateway.pulsar.cliente import conectar
from gateway.pulsar.contratos import Mensaje
from gateway.pulsar.emisor import VENTANA, Emisor, Sobre, propiedades_de
from gateway.pulsar.relato import Marca, Relato
from gateway.pulsar.traduccion import traducir
from gateway.relevos import ESQUEMA, seguimiento_de_relevo
from gateway.topics import Topics
from projections.motor.conexion import conexion_propia
from projections.motor.seguimiento import Seguimiento
from projections.motor.trabajador import preparar_proceso
from projections.motor.turno import Turno
from tests.banco.medir import Razon, comparar
from tests.broker import broker_compartido
from tests.eventualmente import eventualmente
from tests.gateway.sistema import pago_hecho

PAYOUTS = 2500
ORDENES, POR_SEGUNDO, META_MS = 1000, 200, 50.0
_numeros = count()


def medir(config: Config, rondas: int) -> list[Razon]:
    """A ratio of events a second, and a p99 in milliseconds. Every round has a topic of its own."""
    # As the relay's own process begins.
    preparar_proceso()
    with ExitStack() as pila:
        broker = pila.enter_context(broker_compartido(config.alpes_dir / "broker"))
        config = replace(config, pulsar_broker_url=broker.url, pulsar_admin_url=broker.url_admin)
        sistema = pila.enter_context(construir(config))
        cliente = conectar(config)
        pila.callback(cliente.close)
        for _ in range(PAYOUTS):
            sistema.pagos.ejecutar(pago_hecho("CICLO"))
        mensajes = _por_contar(sistema)
        lineas = comparar(
            "relevo, de un registro lleno a acusado",
            lambda: _relevar(sistema, cliente, len(mensajes)),
            {"el cliente a secas, los mismos mensajes": (lambda: _a_secas(cliente, mensajes), 0.7)},
            rondas,
        )
        demoras = [_demora(config, sistema, cliente) for _ in range(rondas)]
    meta = f"{META_MS:.0f} ms"
    que = f"de aceptado a en el topic, {POR_SEGUNDO} órdenes/s, p99"
    razones = [META_MS / demora for demora in demoras]
    lineas.append(Razon(que, meta, 1.0, median(razones), min(razones), max(razones), median(demoras), META_MS, "ms"))
    return lineas


def _por_contar(sistema: Sistema) -> list[Mensaje]:
    log, mensajes = LogDeAplicacion(sistema.pagos), list[Mensaje]()
    filas = log.leer(0, 10 * PAYOUTS)
    for fila, evento in zip(filas, log.abrir(filas), strict=True):
        anterior = mensajes[-1].posicion if mensajes else 0
        if (mensaje := traducir("pagos", fila.posicion, anterior, evento)) is not None:
            mensajes.append(mensaje)
    return mensajes


def _topic() -> str:
    return Topics.con_prefijo(f"banco-relevo-{next(_numeros)}").eventos["pagos"]


class HastaElFinal(threading.Event):
    """Asks the relay to stop when it has read the log, as it stands now."""

    def __init__(self, relato: Relato, cabeza: int) -> None:
        super().__init__()
        self._relato, self._cabeza = relato, cabeza

    def is_set(self) -> bool:
        return self._relato.leida >= self._cabeza


def _relevar(sistema: Sistema, cliente: pulsar.Client, cuantos: int) -> float:
    fila, log = seguimiento_de_relevo("pagos"), LogDeAplicacion(sistema.pagos)
    emisor = Emisor(cliente, _topic(), "pagos")
    with conexion_propia(sistema.motor, "public") as conexion, Session(conexion) as sesion:
        seguimiento, turno = Seguimiento(sistema.motor), Turno([fila], ESQUEMA, sesion)
        with sesion.begin():
            seguimiento.abrir(sesion, [fila], ESQUEMA)
        epoca = turno.tomar(forzar=True)
        assert epoca is not None
        marca = Marca(seguimiento, sesion, fila, epoca)
        marca.mover(0)
        relato = Relato("pagos", log, emisor=emisor, marca=marca, turno=turno, desde=0, anterior=0)
        inicio = perf_counter()
        relato.seguir(HastaElFinal(relato, log.cabeza()))
        ritmo = cuantos / (perf_counter() - inicio)
    emisor.cerrar()
    return ritmo


def _a_secas(cliente: pulsar.Client, mensajes: list[Mensaje]) -> float:
    productor = cliente.create_producer(
        _topic(), "a-secas", schema=Sobre(), max_pending_messages=VENTANA, block_if_queue_full=True,
        batching_enabled=False, send_timeout_millis=0,
    )  # fmt: skip
    acusados: list[tuple[int, pulsar.Result]] = []

    def anotar(posicion: int, resultado: pulsar.Result, _: pulsar.MessageId) -> None:
        acusados.append((posicion, resultado))

    inicio = perf_counter()
    for mensaje in mensajes:
        productor.send_async(
            mensaje,
            partial(anotar, mensaje.posicion),
            properties=propiedades_de(mensaje, "0002"),
            partition_key=mensaje.aggregate_id,
            sequence_id=mensaje.posicion,
        )
    while len(acusados) < len(mensajes):
        sleep(0.001)
    ritmo = len(mensajes) / (perf_counter() - inicio)
    assert {resultado for _, resultado in acusados} == {pulsar.Result.Ok}
    productor.close()
    return ritmo


def _demora(config: Config, sistema: Sistema, cliente: pulsar.Client) -> float:
    """p99 of the milliseconds from the answer of a command until the last of its events is read from the topic."""
    topics = Topics.con_prefijo(f"banco-relevo-{next(_numeros)}")
    aceptadas, llegadas = dict[str, float](), dict[str, float]()
    fin = threading.Event()

    def escuchar() -> None:
        lector = cliente.create_reader(topics.eventos["pagos"], pulsar.MessageId.earliest)
        while not fin.is_set():
            try:
                mensaje = lector.read_next(200)
            except pulsar.Timeout:
                continue
            llegadas[mensaje.partition_key()] = perf_counter()
        lector.close()

    with _proceso(config, topics):
        oyente = threading.Thread(target=escuchar)
        oyente.start()
        try:
            primera = pago_hecho("CICLO")
            sistema.pagos.ejecutar(primera)
            # With it, all that the log held before is told.
            eventualmente(lambda: primera.payout_id in llegadas, bool, segundos=120)
            inicio = perf_counter()
            for numero in range(ORDENES):
                sleep(max(0.0, inicio + numero / POR_SEGUNDO - perf_counter()))
                orden = pago_hecho("CICLO")
                sistema.pagos.ejecutar(orden)
                aceptadas[orden.payout_id] = perf_counter()
            eventualmente(lambda: aceptadas.keys() <= llegadas.keys(), bool, segundos=60)
        finally:
            fin.set()
            oyente.join()
    demoras = [max(llegadas[una] - aceptada, 0.0) * 1000 for una, aceptada in aceptadas.items()]
    return quantiles(demoras, n=100)[98]


@contextmanager
def _proceso(config: Config, topics: Topics) -> Iterator[None]:
    entorno = {**os.environ, **para_hijos(config), **topics.todos(), "PYTHONPATH": str(RAIZ)}
    orden = [sys.executable, "-P", "-m", "gateway.cli", "relevo"]
    proceso = subprocess.Popen(orden, env=entorno, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        proceso.kill()
        proceso.wait()
