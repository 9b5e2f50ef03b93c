"""The broker's feed of the reactions: what ``eventos.pagos`` tells, from our own relay and from other teams."""

from collections.abc import Sequence
from itertools import groupby

from domain.base.agregado import Evento
from gateway.composicion import Sistema
from gateway.eventos.reaccion import Hecho
from gateway.eventos.reacciones import Reacciones
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.contratos import MensajeIlegible
from gateway.pulsar.emisor import nombre_de
from gateway.pulsar.hechos import hecho_de_pago
from gateway.pulsar.interpretes import de_pagos_ajenos
from gateway.pulsar.recibidos import Esquemas, Leido, Recibido, entender
from gateway.pulsar.traduccion import TOPICS_CALLADOS

RELEVO = nombre_de("pagos")
"""The one producer whose word on positions is believed."""
NOMBRE = "eventos.pagos"


class EventosDePagos:
    """Own facts are counted by their position in the log, as the log's own feed does; those of others by the inbox."""

    def __init__(self, sistema: Sistema, esquemas: Esquemas, reacciones: Reacciones | None = None) -> None:
        """Nothing is read before the first message."""
        self._esquemas, self._reloj = esquemas, sistema.reloj
        self._reacciones = reacciones or Reacciones(
            sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor, proceso="consumidor"
        )
        interprete = de_pagos_ajenos(sistema.campanias, sistema.reloj)
        self.bandeja = Bandeja(NOMBRE, sistema.campanias, interprete, sistema, esquemas)

    def atender(self, recibidos: Sequence[Recibido]) -> None:
        """React to messages in their order, each once. Raises as ``Bandeja.atender`` and ``Reacciones.paso`` do."""
        dichos = [(uno, self._propio(uno)) for uno in recibidos]
        nuestros = self._reacciones.nuestros({(leido.posicion, leido.id) for _, leido in dichos if leido is not None})
        # What the log doesn't hold, or no longer, is no word of ours, whoever brings it under our relay's name.
        leidos = [(uno, leido if leido and (leido.posicion, leido.id) in nuestros else None) for uno, leido in dichos]
        for propios, juntos in groupby(leidos, key=lambda par: par[1] is not None):
            if propios:
                self._contar([leido for _, leido in juntos if leido is not None])
            else:
                self.bandeja.atender([recibido for recibido, _ in juntos])

    def descansar(self) -> None:
        """What is to be done when there is no message."""
        self._reacciones.pasar_callados(TOPICS_CALLADOS)
        self._reacciones.reintentar_a_su_hora()
        self._reacciones.contar([])

    def cerrar(self) -> None:
        """Store how far each reaction has come."""
        self._reacciones.cerrar()

    def _propio(self, recibido: Recibido) -> Leido | None:
        """What our relay seems to tell; None for what others do."""
        if recibido.productor != RELEVO:
            return None
        try:
            leido = entender(recibido, self._esquemas)
        except MensajeIlegible:
            return None
        return leido if leido.posicion_anterior < leido.posicion else None

    def _contar(self, leidos: Sequence[Leido]) -> None:
        """Count own facts; what is missing before one of them is taken from the log first."""
        juntos: list[Hecho] = []
        visto = self._reacciones.posicion
        for leido in leidos:
            if leido.posicion_anterior > visto:
                self._reacciones.contar(juntos)
                juntos = []
                self._reacciones.alcanzar(leido.posicion_anterior)
            visto = max(visto, leido.posicion)
            juntos.append(Hecho(leido.posicion, leido.agregado, leido.secuencia, self._hecho(leido)))
        self._reacciones.contar(juntos)

    def _hecho(self, leido: Leido) -> Evento | Exception | None:
        try:
            return hecho_de_pago(leido, self._reloj())
        except MensajeIlegible as error:
            return error
