"""What the tests of the relay look at: the log, the topic, and whether the second tells the first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import pulsar
from sqlalchemy import text

from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import ActualizarCliente, RegistrarCliente
from gateway.composicion import Sistema
from gateway.config import Config
from gateway.eventos.log import LogDeAplicacion
from gateway.pulsar.contratos import Mensaje
from gateway.pulsar.emisor import nombre_de
from gateway.pulsar.relevo import Relevo
from gateway.pulsar.topico import Contado, Topico
from gateway.pulsar.traduccion import traducir
from gateway.relevos import seguimiento_de_relevo
from tests.eventualmente import eventualmente
from tests.gateway.sistema import pago_hecho

NACIDA = datetime(1990, 5, 20, tzinfo=UTC)
PERSONALES = ("Ana Secreta", "ana.secreta@ejemplo.co", "0192837465", "1990-05-20", "Otra Callada")


@dataclass
class Mesa:
    """A system, its topics on a broker, and a client to look at them with."""

    sistema: Sistema
    config: Config
    cliente: pulsar.Client

    def topico(self, modulo: str = "pagos") -> Topico:
        return Topico(self.cliente, self.config.topics.eventos[modulo], nombre_de(modulo))

    def contados(self, modulo: str = "pagos") -> list[Contado]:
        """What our relay has told, as it stands on the topic."""
        return list(self.topico(modulo).mensajes())

    def por_contar(self, modulo: str = "pagos") -> list[Mensaje]:
        """What the log has to tell, from its beginning."""
        (aplicacion,) = (una for una in self.sistema.aplicaciones.values() if una.modulo == modulo)
        log, mensajes = LogDeAplicacion(aplicacion), list[Mensaje]()
        filas = log.leer(0, 1_000_000)
        for fila, evento in zip(filas, log.abrir(filas), strict=True):
            anterior = mensajes[-1].posicion if mensajes else 0
            if (mensaje := traducir(aplicacion.name, fila.posicion, anterior, evento)) is not None:
                mensajes.append(mensaje)
        return mensajes

    def exigir_todo_una_vez_y_en_orden(self, *modulos: str, segundos: float = 120) -> list[Contado]:
        """Wait until the topics hold as many messages as the logs tell; they must be those, in that order."""
        contados: list[Contado] = []
        for modulo in modulos or ("pagos",):
            esperados = self.por_contar(modulo)
            basta = partial(_hay, len(esperados))
            contados = eventualmente(partial(self.contados, modulo), basta, segundos)
            assert [uno.mensaje for uno in contados] == esperados
        return contados

    def guardada(self, modulo: str = "pagos") -> int:
        """How far the relay is known to be, in the database."""
        consulta = text("SELECT notification_id FROM seguimiento WHERE application_name = :nombre")
        with self.sistema.motor.connect() as conexion:
            return int(conexion.scalar(consulta, {"nombre": seguimiento_de_relevo(modulo)}) or 0)

    def pagar(self, cuantos: int = 1) -> None:
        for _ in range(cuantos):
            self.sistema.pagos.ejecutar(pago_hecho("CICLO"))

    def vida(self) -> None:
        """Something of everything: what is told, what isn't, and a person."""
        clientes, campanias = self.sistema.clientes, self.sistema.campanias
        clientes.ejecutar(RegistrarCliente("ana", PERSONALES[0], PERSONALES[1], PERSONALES[2], NACIDA))
        clientes.ejecutar(ActualizarCliente("ana", nombre=PERSONALES[4]))
        campanias.ejecutar(CrearCampania("VERANO", "ana", ("Quito",)))
        self.pagar(3)

    @contextmanager
    def relevando(self, *modulos: str) -> Iterator[threading.Event]:
        """A relay of these modules in this process, until the end of the block or of the event that it gives."""
        parar = threading.Event()
        hilos = [
            threading.Thread(target=Relevo(aplicacion, self.config, self.sistema.motor).vivir, args=(parar,))
            for aplicacion in self.sistema.aplicaciones.values()
            if aplicacion.modulo in (modulos or ("pagos",))
        ]
        for hilo in hilos:
            hilo.start()
        try:
            yield parar
        finally:
            parar.set()
            for hilo in hilos:
                hilo.join(60)
                assert not hilo.is_alive()


def _hay(cuantos: int, vistos: list[Contado]) -> bool:
    return len(vistos) >= cuantos
