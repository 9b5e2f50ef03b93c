"""One policy following one log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import cast

import structlog
from eventsourcing.persistence import IntegrityError

from domain.base.agregado import Evento
from domain.base.aplicacion import Aplicacion, HechoYaContado
from domain.base.contexto import Actor, Contexto
from domain.base.errores import ErrorDeDominio, EscrituraDisputada
from domain.politicas import Politica
from gateway.bitacora import Bitacora, renglon
from gateway.eventos.aparcados import Aparcados, Aparcar
from gateway.eventos.avance import Avance
from gateway.eventos.identidad import id_de_evento
from gateway.eventos.lectura import SIN_TOPE
from gateway.eventos.lote import RECORDADOS, AlmacenQueJunta, Recuerdo, juntar
from gateway.eventos.pasajero import es_pasajero, sin_base
from gateway.eventos.recorder import Recorder
from gateway.puntos import Punto, pasar

JUNTOS = 100
"""Orders stored in one transaction, at most: other writers of their streams wait for its end."""
ASIENTO = 0.25
"""Seconds after which a position is stored although nothing followed from the events up to it."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Hecho:
    """An event at its place in the log; ``evento`` is the error when it can't be read, None when nothing follows."""

    posicion: int
    flujo: str
    version: int
    evento: Evento | Exception | None


@dataclass(frozen=True, slots=True)
class Encargo:
    """An order that follows from an event, and the aggregate that it speaks of, with its application."""

    hecho: Hecho
    orden: object
    de_que: tuple[str, str]
    circunstancias: Contexto


Pensado = Encargo | Exception | None
"""What follows from an event, or why nobody knows."""


class Reaccion:
    """Where a policy stands in the log, and what it has parked.

    ``posicion``: everything up to it was looked at; the stored position may be behind it, never before an effect.
    """

    def __init__(
        self, politica: Politica, destino: Aplicacion, reloj: Callable[[], datetime], aparcados: Aparcados, proceso: str
    ) -> None:
        """Reads where it stands: the database must be there."""
        self.nombre = f"{politica.NOMBRE}:{politica.ORIGEN}"
        self._politica, self._destino, self._reloj, self._aparcados = politica, destino, reloj, aparcados
        self._recorder = cast(Recorder, destino.recorder)
        self._flujos, self._bitacora = aparcados.leer(), Bitacora(proceso)
        self.posicion = self._guardada = 0
        self._releer()
        self._asentada_en = monotonic()

    def pensar(self, hecho: Hecho) -> Pensado:
        """What follows from a fact. Does nothing yet."""
        politica, evento = self._politica, hecho.evento
        if evento is None or isinstance(evento, Exception):
            return evento
        try:
            orden = politica.reaccionar(evento)
        except Exception as error:
            return error
        if orden is None:
            return None
        causa = id_de_evento(politica.ORIGEN, hecho.flujo, hecho.version)
        actor, correlacion = Actor("reaccion", politica.NOMBRE), evento.correlation_id or causa
        circunstancias = Contexto(self._reloj(), actor, correlation_id=correlacion, causation_id=causa)
        return Encargo(hecho, orden, (politica.DESTINO, getattr(orden, politica.AGREGADO)), circunstancias)

    def contar(self, hechos: Sequence[tuple[Hecho, Pensado]]) -> None:
        """Carry out what follows from events in log order. May be repeated: what was counted is left out.

        Raises PersistenceError when the database can't be reached, EscrituraDisputada when others keep winning.
        """
        if any(hecho.flujo in self._flujos for hecho, _ in hechos):
            # Another worker may have let it go since: an event is left to a parked stream only while it is parked.
            self._flujos = self._aparcados.leer()
        encargos: list[Encargo] = []
        for hecho, pensado in hechos:
            if isinstance(pensado, Exception) and self._falta(hecho):
                # Whatever a policy or an unreadable event raises parks that stream only.
                self._aparcar(hecho, pensado, self._aparcados.aparcar)
            elif isinstance(pensado, Encargo):
                encargos.append(pensado)
        for desde in range(0, len(encargos), JUNTOS):
            self._cumplir(encargos[desde : desde + JUNTOS])
        if hechos:
            self.posicion = max(self.posicion, hechos[-1][0].posicion)
        if monotonic() - self._asentada_en >= ASIENTO:
            self.asentar()

    def asentar(self) -> None:
        """Store the position, if it has moved on without an effect."""
        if self.posicion > self._guardada:
            try:
                self._recorder.insert_events([], tracking=Avance(self.nombre, self.posicion, self._guardada))
            except HechoYaContado:
                self._releer()
            else:
                self._guardada = self.posicion
        self._asentada_en = monotonic()

    def aparcado(self) -> dict[str, int]:
        """The streams that wait for a retry, each with the position of the event at which it stopped."""
        self._flujos = self._aparcados.leer()
        return dict(self._flujos)

    def reintentar(self, flujo: str, leer: Callable[[], Sequence[Hecho]]) -> None:
        """Take up one parked stream; ``leer`` reads it from the event at which it stopped.

        Its position was passed long ago, so nothing is counted: an order of the domain that is told twice does nothing.
        """
        with self._aparcados.soltar(flujo) as volver_a_aparcar:
            for hecho in leer():
                try:
                    pensado = self.pensar(hecho)
                    if isinstance(pensado, Exception):
                        raise pensado
                    if pensado is not None:
                        self._destino.ejecutar(pensado.orden, pensado.circunstancias)
                except Exception as error:
                    if es_pasajero(error):
                        raise
                    self._aparcar(hecho, error, volver_a_aparcar)
                    return
        self._flujos.pop(flujo, None)

    def _cumplir(self, encargos: list[Encargo]) -> None:
        """Carry out orders in one transaction if nothing is in the way, else one by one."""
        while encargos := [encargo for encargo in encargos if self._falta(encargo.hecho)]:
            ultima = encargos[-1].hecho.posicion
            try:
                self._guardar(encargos, Avance(self.nombre, ultima, self._guardada))
            except HechoYaContado:
                self._releer()
                continue
            except Exception as error:
                if len(encargos) > 1 and not sin_base(error):
                    for encargo in encargos:
                        self._cumplir([encargo])
                    return
                if es_pasajero(error):
                    raise
                self._aparcar(encargos[0].hecho, error, self._aparcados.aparcar)
            else:
                self._guardada = ultima
                self._bitacora.cumplidas(
                    renglon(uno.orden, uno.circunstancias, reaccion=self.nombre, de=uno.de_que[1]) for uno in encargos
                )
            self.posicion = max(self.posicion, ultima)

    def _falta(self, hecho: Hecho) -> bool:
        return self.posicion < hecho.posicion < self._flujos.get(hecho.flujo, SIN_TOPE)

    def _guardar(self, encargos: list[Encargo], avance: Avance) -> None:
        try:
            with juntar(self._recuerdo) as lote:
                for encargo in encargos:
                    self._destino.ejecutar(encargo.orden, encargo.circunstancias)
                    pasar(Punto.A_MEDIO_CONTAR)
            cast(AlmacenQueJunta, self._destino.events).guardar(lote, tracking=avance)
        except (IntegrityError, EscrituraDisputada) as error:
            if len(encargos) > 1 or isinstance(error, HechoYaContado):
                raise
            # Another was first: outside of a batch it is decided anew on what is there now, as often as it takes.
            self._destino.ejecutar(encargo.orden, replace(encargo.circunstancias, adjuntos={"tracking": avance}))

    def _releer(self) -> None:
        # What is remembered may be of events that a restored database has no more.
        self._recuerdo, self._guardada = Recuerdo(RECORDADOS), self._recorder.max_tracking_id(self.nombre) or 0
        self.posicion = max(self.posicion, self._guardada)

    def _aparcar(self, hecho: Hecho, error: Exception, aparcar: Aparcar) -> None:
        codigo = error.codigo if isinstance(error, ErrorDeDominio) else type(error).__name__
        _log.error("reacción aparcada", reaccion=self.nombre, flujo=hecho.flujo, codigo=codigo, exc_info=error)
        aparcar(hecho.flujo, hecho.posicion, error)
        self._flujos[hecho.flujo] = hecho.posicion
