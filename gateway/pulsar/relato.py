"""One life of a relay, from a producer that is its own to the first thing that goes wrong."""

import threading
from collections.abc import Iterator
from time import monotonic, sleep

from eventsourcing.persistence import MapperDeserialisationError
from sqlalchemy.orm import Session

from domain.base.agregado import Evento
from gateway.bitacora import Bitacora
from gateway.eventos.avisos import SONDEO
from gateway.eventos.lectura import Fila
from gateway.eventos.log import LogDeAplicacion
from gateway.pulsar.contratos import Mensaje
from gateway.pulsar.emisor import Emisor, MensajeDemasiadoGrande
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.traduccion import TOPICS_CALLADOS, SinTraduccion, traducir
from gateway.puntos import Punto, pasar
from gateway.rastro import ids_de
from gateway.relevos import AVISAR, ESQUEMA
from projections.motor.seguimiento import Lugar, Seguimiento
from projections.motor.turno import Turno

LOTE = 1000
"""Events read at a time."""
ASIENTO = 0.2
"""Seconds between two times that the position is stored: it only spares looking, and tells how far we are."""
PULSO = 0.01
"""Seconds after which what is under way is looked after."""

INCONTABLE = (MapperDeserialisationError, SinTraduccion, MensajeDemasiadoGrande)


class NombreUsurpado(FallaDeBroker):
    """The broker would drop a message as repeated that isn't on the topic: others have sent under our name."""


class Marca:
    """How far a relay is known to be, and what stops it, in the database: stored by whoever has the turn."""

    def __init__(self, seguimiento: Seguimiento, sesion: Session, fila: str, epoca: int) -> None:
        """Reads the position."""
        self._seguimiento, self._sesion, self._fila = seguimiento, sesion, fila
        self._lugar = Lugar(0, ESQUEMA, epoca)
        with sesion.begin():
            self.posicion = seguimiento.posicion(sesion, fila)

    def mover(self, hasta: int) -> None:
        """Store a position, and keep the turn. Raises PosicionDisputada when somebody else has it."""
        if hasta != self.posicion:
            pasar(Punto.CONFIRMADO)
            with self._sesion.begin():
                self._seguimiento.mover(self._sesion, self._fila, self.posicion, hasta, self._lugar)
            self.posicion = hasta

    def avisar(self, aviso: str | None) -> None:
        """Store what stops the relay, None for nothing, unless somebody else has the turn."""
        with self._sesion.begin():
            self._sesion.execute(AVISAR, {"fila": self._fila, "aviso": aviso, "epoca": self._lugar.epoca})


class Relato:
    """The telling itself: reads ahead while what it sent is under way."""

    def __init__(
        self, aplicacion: str, log: LogDeAplicacion, *, emisor: Emisor, marca: Marca, turno: Turno, desde: int,
        anterior: int,
    ) -> None:  # fmt: skip
        """To tell what comes after position ``desde``, while the topic ends with the message of ``anterior``."""
        self._aplicacion, self._log, self._emisor, self._marca, self._turno = aplicacion, log, emisor, marca, turno
        self._anterior, self._recordada = anterior, emisor.ultima_secuencia
        self.leida = desde
        """Position up to which everything was sent, or passed over in silence."""
        self._asentada_en = monotonic()
        self._bitacora = Bitacora("relevo")
        self._por_decir: list[Mensaje] = []

    def seguir(self, parar: threading.Event) -> None:
        """Tell what comes until ``parar`` is set, and then wait for what is under way.

        Raises EnvioInterrumpido, NombreUsurpado, PosicionDisputada, and what an event raises that can't be told.
        """
        try:
            while not parar.is_set():
                filas = self._log.leer(self.leida, LOTE)
                self._contar(filas, parar)
                self._decir()
                self._atender()
                if not filas:
                    self._log.esperar_novedad(PULSO if self._emisor.pendientes else SONDEO)
        except INCONTABLE:
            # What comes before it is told; nothing after it is, since order is what the topic promises.
            self._vaciar()
            raise
        finally:
            self._decir()
        self._vaciar()

    def _contar(self, filas: list[Fila], parar: threading.Event) -> None:
        if filas:
            pasar(Punto.LEIDO)
        sonoras = [fila for fila in filas if fila.topic not in TOPICS_CALLADOS]
        for fila, evento in zip(sonoras, self._abiertos(sonoras), strict=True):
            while self._emisor.lleno:
                if parar.is_set():
                    return
                # What is under way lasts for longer, and without us at it the client takes in answers faster.
                self._atender(PULSO / 2)
            mensaje = traducir(self._aplicacion, fila.posicion, self._anterior, evento)
            if mensaje is not None:
                if mensaje.posicion <= self._recordada:
                    raise NombreUsurpado(
                        f"el broker daría por repetida la posición {mensaje.posicion}, que el topic no tiene: otro "
                        "envió con el nombre de nuestro relevo; vea «alpes mensajes alinear»"
                    )
                self._emisor.enviar(mensaje)
                self._por_decir.append(mensaje)
                pasar(Punto.A_MEDIO_RELATAR)
                self._anterior = fila.posicion
            self.leida = fila.posicion
        if filas:
            self.leida = filas[-1].posicion

    def _abiertos(self, filas: list[Fila]) -> Iterator[Evento]:
        try:
            eventos = self._log.abrir_sin_personales(filas)
        except MapperDeserialisationError:
            for fila in filas:
                yield from self._log.abrir_sin_personales([fila])
        else:
            yield from eventos

    def _vaciar(self) -> None:
        """Wait for what is under way, and store that it has arrived."""
        while self._emisor.pendientes:
            self._atender(PULSO)
        self._marca.mover(self.leida)

    def _atender(self, espera: float = 0.0) -> None:
        """Take in what has arrived, store how far that is, keep the turn."""
        if espera:
            sleep(espera)
        self._emisor.recoger()
        if monotonic() - self._asentada_en >= ASIENTO:
            pendientes = self._emisor.pendientes
            self._marca.mover(max(self._marca.posicion, self._emisor.confirmada) if pendientes else self.leida)
            self._asentada_en = monotonic()
        self._turno.renovar()

    def _decir(self) -> None:
        """Log what was sent since the last time."""
        if self._por_decir:
            dichos = ((uno, ids_de(uno.correlation_id, uno.causation_id)) for uno in self._por_decir)
            lineas = ({"tipo": uno.tipo, "de": uno.aggregate_id, **ids} for uno, ids in dichos)
            self._bitacora.anotar_todos("mensaje enviado", lineas)
            self._por_decir.clear()
