"""The relay: follows a module's log and tells it on the module's topic, each event once and in order.

Where it stands is what stands on the topic: at every start it looks for its own last message there and goes on after
it, so that a crash between sending and storing a position repeats nothing. Two things keep a second relay out: the
turn in the database, and the name of the producer, of which the broker admits one. What a relay that was frozen still
sends, the broker has, and drops.
"""

import threading
from functools import partial

import pulsar
import structlog
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from domain.base.aplicacion import Aplicacion
from gateway.bucle import a_la_vez, repetir
from gateway.composicion import construir
from gateway.config import Config
from gateway.eventos.lectura import Fila
from gateway.eventos.log import LogDeAplicacion
from gateway.pulsar.admin import anunciar
from gateway.pulsar.cliente import conectar
from gateway.pulsar.contratos import TEXTO_DE_ENVOLTURA
from gateway.pulsar.cotejo import huella_de
from gateway.pulsar.emisor import Emisor, nombre_de
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.queja import Queja
from gateway.pulsar.relato import INCONTABLE, Marca, Relato
from gateway.pulsar.topico import Contado, Topico
from gateway.pulsar.traduccion import traducir
from gateway.relevos import ESQUEMA, seguimiento_de_relevo
from projections.motor.aparcados import describir
from projections.motor.conexion import conexion_propia
from projections.motor.seguimiento import PosicionDisputada, Seguimiento
from projections.motor.trabajador import preparar_proceso
from projections.motor.turno import SONDEO as MIRADA
from projections.motor.turno import Turno

SIN_BROKER = 0.5
"""Seconds between two tries at a broker that can't be used."""

_log = structlog.get_logger(__name__)


class TopicoDivergente(FallaDeBroker):
    """The topic ends with something that our log does not have: one of the two was restored from an older copy."""


def relevar(config: Config, parar: threading.Event) -> None:
    """Tell every module's events until ``parar`` is set. Raises what ``construir`` raises."""
    with construir(config) as sistema:
        preparar_proceso()
        relevos = [Relevo(aplicacion, config, sistema.motor) for aplicacion in sistema.aplicaciones.values()]
        a_la_vez([partial(uno.vivir, parar) for uno in relevos], parar)


class Relevo:
    """Tells the log of one application. Any number may run, anywhere: one at a time has its turn."""

    def __init__(self, aplicacion: Aplicacion, config: Config, motor: Engine) -> None:
        """Nothing connects before ``vivir``."""
        self.nombre = f"relevo:{aplicacion.modulo}"
        self._aplicacion, self._modulo = aplicacion.name, aplicacion.modulo
        self._config, self._motor = config, motor
        self._topic = config.topics.eventos[self._modulo]
        self._log = LogDeAplicacion(aplicacion)
        self._seguimiento = Seguimiento(motor)
        self._fila = seguimiento_de_relevo(self._modulo)
        self._queja = Queja(relevo=self.nombre)

    def vivir(self, parar: threading.Event) -> None:
        """Relay, or stand by to do so, until ``parar`` is set. Nothing that fails ends it."""
        repetir(self.nombre, partial(self.paso, parar), parar)

    def paso(self, parar: threading.Event) -> float:
        """Wait for the turn and relay until it is lost, or the broker; return the seconds to pause before the next.

        Raises DBAPIError or PersistenceError when the database can't be reached, and what an event raises that can't
        be told.
        """
        with conexion_propia(self._motor, "public") as conexion, Session(conexion) as sesion:
            with sesion.begin():
                sesion.execute(text("SET application_name = 'alpes relevo'"))
                self._seguimiento.abrir(sesion, [self._fila], ESQUEMA)
            turno = Turno([self._fila], ESQUEMA, sesion)
            while (epoca := turno.tomar()) is None:
                if parar.wait(MIRADA):
                    return 0.0
            marca = Marca(self._seguimiento, sesion, self._fila, epoca)
            try:
                self._relevar(marca, turno, parar)
            except PosicionDisputada:
                _log.info("otro relevo tomó el turno", relevo=self.nombre)
            except (FallaDeBroker, pulsar.PulsarException) as error:
                razon = str(error) if isinstance(error, FallaDeBroker) else type(error).__name__
                self._queja.decir("no se puede relevar por ahora", razon)
                marca.avisar(razon)
                # Another may reach a broker that we can't.
                turno.soltar()
                return SIN_BROKER
            except INCONTABLE as error:
                marca.avisar(
                    f"{describir(error)}, tras la posición {marca.posicion}: vea el registro de «alpes relevo»"
                )
                raise
            turno.soltar()
            return 0.0

    def _relevar(self, marca: Marca, turno: Turno, parar: threading.Event) -> None:
        cliente = conectar(self._config)
        try:
            anunciar(self._config, self._topic, TEXTO_DE_ENVOLTURA)
            # The producer first: once it is ours, nobody adds to what the topic ends with.
            emisor = Emisor(cliente, self._topic, self._modulo)
            turno.renovar()
            cola = Topico(cliente, self._topic, nombre_de(self._modulo)).cola(turno.renovar)
            desde = self._desde(cola, emisor, marca)
            marca.mover(desde)
            marca.avisar(None)
            self._queja.callar()
            _log.info("relevando", relevo=self.nombre, desde=desde)
            relato = Relato(
                self._aplicacion, self._log, emisor=emisor, marca=marca, turno=turno, desde=desde,
                anterior=desde if cola is None else cola.mensaje.posicion,
            )  # fmt: skip
            relato.seguir(parar)
        finally:
            # What is under way is given up with the client, which sends nothing any more.
            cliente.close()

    def _desde(self, cola: Contado | None, emisor: Emisor, marca: Marca) -> int:
        """The position after which to go on. Raises TopicoDivergente."""
        # None: the topic is new, or the broker has let go of what everybody has read.
        hasta = max(emisor.ultima_secuencia, 0) if cola is None else cola.hasta
        # Beyond what we stored we died before storing it, unless the log is not the one that was told.
        if hasta > marca.posicion and not self._esta_en_el_log(hasta, cola):
            raise TopicoDivergente(
                f"{self._topic} termina con lo que el registro no tiene (posición {hasta}): uno de los dos viene de "
                "una copia más vieja; vea «alpes mensajes alinear»"
            )
        return hasta

    def _esta_en_el_log(self, hasta: int, cola: Contado | None) -> bool:
        filas: list[Fila] = self._log.leer(hasta - 1, 1)
        if not filas or filas[0].posicion != hasta:
            return False
        if cola is None:
            return True
        (evento,) = self._log.abrir_sin_personales(filas)
        nuestro = traducir(self._aplicacion, hasta, cola.mensaje.posicion_anterior, evento)
        return nuestro is not None and huella_de(nuestro) == huella_de(cola.mensaje)
