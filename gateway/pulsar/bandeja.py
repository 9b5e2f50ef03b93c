"""How messages act once: what follows from them and their keys in the inbox share a transaction, many at a time.

What can't be done for now raises, and is tried again; what can't be done for good parks the message's key, and the
others go on.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import cast

import structlog

from domain.base.aplicacion import Aplicacion, HechoYaContado
from gateway.bitacora import Bitacora
from gateway.composicion import Sistema
from gateway.eventos.buzon import Contados, ya_contados
from gateway.eventos.lote import AlmacenQueJunta, juntar
from gateway.eventos.pasajero import es_pasajero, sin_base
from gateway.pulsar.aparcados import Aparcado, Aparcamiento
from gateway.pulsar.contratos import MensajeIlegible
from gateway.pulsar.errores import FallaDeBroker, IntentoFallido
from gateway.pulsar.pendiente import Hacer, Interprete, Pendiente, leer
from gateway.pulsar.recibidos import Esquemas, Recibido
from gateway.puntos import Punto, pasar
from projections.motor.aparcados import describir

JUNTOS = 100
"""Messages counted in one transaction, at most: other writers of their streams wait for its end."""
INTENTOS = 3
"""Times that a message is tried before its key is parked."""
YA_NO_SE_LEE = "no se guarda, o era de una persona olvidada"

_log = structlog.get_logger(__name__)


class Bandeja:
    """One consumer's messages on their way to one application."""

    def __init__(
        self,
        consumidor: str,
        aplicacion: Aplicacion,
        interprete: Interprete,
        sistema: Sistema,
        esquemas: Esquemas,
        *,
        juntos: int = JUNTOS,
    ) -> None:
        """``consumidor`` names the inbox: ``comandos.pagos``…; ``juntos`` bounds a transaction."""
        self.consumidor, self._interprete, self.esquemas, self._juntos = consumidor, interprete, esquemas, juntos
        self._aplicacion, self._datastore, self._huella = aplicacion, sistema.tienda.datastore, sistema.huella
        self.aparcamiento = Aparcamiento(sistema.motor, sistema.llavero, consumidor)
        self._paradas: set[str] = set()
        self._bitacora = Bitacora("consumidor")

    def atender(self, recibidos: Sequence[Recibido]) -> None:
        """Count messages in order, each once. May be repeated: what was counted is left out.

        Raises PersistenceError or DBAPIError without a database, FallaDeBroker without a schema, EscrituraDisputada,
        IntentoFallido: the same messages are to be told again.
        """
        pendientes = self._nuevos([self._leer(uno) for uno in recibidos])
        llaves = {llave for uno in pendientes for llave in (uno.llave, uno.previas[1])}
        self._paradas = self.aparcamiento.llaves(llaves) if llaves else set()
        for desde in range(0, len(pendientes), self._juntos):
            libres = [uno for uno in pendientes[desde : desde + self._juntos] if not self._aparta(uno)]
            if libres:
                self._cumplir(libres)

    def reintentar(self, llave: str) -> Aparcado | None:
        """Take up what is parked under a key, in order; the message at which it stops again, if any.

        Raises as ``atender`` does but for IntentoFallido.
        """
        with self.aparcamiento.tomar(llave) as tomados:
            for uno in tomados.esperan:
                try:
                    recibido = self.aparcamiento.abrir(uno)
                    if recibido is None:
                        raise MensajeIlegible(uno.error or YA_NO_SE_LEE)
                    leido = self._leer(recibido)
                    if leido.error is not None:
                        raise leido.error
                    if leido.hacer is not None:
                        self._hacer(leido.hacer, leido.clave)
                except HechoYaContado:
                    pass
                except Exception as error:
                    if _es_pasajero(error):
                        raise
                    tomados.anotar(uno, _explicar(error))
                    return replace(uno, error=_explicar(error))
                tomados.soltar(uno)
        return None

    def descartar(self, llave: str) -> int:
        """Give up the first message that is parked under a key: it counts as told. Returns how many were there."""
        with self.aparcamiento.tomar(llave) as tomados:
            for uno in tomados.esperan[:1]:
                # It may be counted already: by a try at this very thing that died before it let the message go.
                with suppress(HechoYaContado):
                    self._aplicacion.recorder.insert_events([], buzon=Contados(self.consumidor, (uno.clave,)))
                tomados.soltar(uno)
            return len(tomados.esperan)

    def _leer(self, recibido: Recibido) -> Pendiente:
        return leer(recibido, self.esquemas, self._huella, self._interprete)

    def _nuevos(self, leidos: Sequence[Pendiente]) -> list[Pendiente]:
        """Those from which something follows and which were not counted yet, each once."""
        con_algo: dict[str, Pendiente] = {}
        for uno in leidos:
            if uno.hacer or uno.error:
                con_algo.setdefault(uno.clave, uno)
        claves = {clave for uno in con_algo.values() for clave in (uno.clave, uno.previas[0])}
        contados = ya_contados(self._datastore, self.consumidor, claves)
        return [uno for uno in con_algo.values() if contados.isdisjoint((uno.clave, uno.previas[0]))]

    def _aparta(self, uno: Pendiente) -> bool:
        """Park a message that can't be read, or whose key is parked."""
        if uno.error is not None:
            self._aparcar(uno, uno.error, 1)
            return True
        while not self._paradas.isdisjoint((uno.llave, uno.previas[1])):
            if self.aparcamiento.aparcar(uno, self._donde(uno), "", 0):
                return True
            # Somebody has let it go since they were read.
            self._paradas.discard(self._donde(uno))
        return False

    def _cumplir(self, tramo: Sequence[Pendiente]) -> None:
        """Count messages in one transaction if nothing is in the way, else one by one."""
        if len(tramo) > 1:
            try:
                renglones = []
                with juntar() as lote:
                    for uno in tramo:
                        renglones.append(cast(Hacer, uno.hacer)({}))
                        pasar(Punto.A_MEDIO_CONTAR)
                contados = Contados(self.consumidor, tuple(uno.clave for uno in tramo))
                cast(AlmacenQueJunta, self._aplicacion.events).guardar(lote, buzon=contados)
            except Exception as error:
                if sin_base(error):
                    raise
            else:
                self._bitacora.cumplidas(filter(None, renglones))
                return
        for uno in tramo:
            if not self._aparta(uno):
                self._contar(uno)

    def _contar(self, uno: Pendiente) -> None:
        pasar(Punto.A_MEDIO_CONTAR)
        try:
            self._hacer(cast(Hacer, uno.hacer), uno.clave)
        except HechoYaContado:
            return
        except Exception as error:
            if _es_pasajero(error):
                raise
            intentos = self.aparcamiento.contar_intento(uno.clave)
            if intentos < INTENTOS:
                raise IntentoFallido(f"{self.consumidor}, intento {intentos}: {describir(error)}") from None
            self._aparcar(uno, error, intentos)

    def _hacer(self, hacer: Hacer, clave: str) -> None:
        """Carry out what follows from one message, in a transaction of its own, and log it then."""
        renglon = hacer({"buzon": Contados(self.consumidor, (clave,))})
        if renglon is not None:
            self._bitacora.cumplidas([renglon])

    def _aparcar(self, uno: Pendiente, error: Exception, intentos: int) -> None:
        dicho = _explicar(error)
        _log.error("mensaje aparcado", consumidor=self.consumidor, mensaje=uno.recibido.mensaje_id, error=dicho)
        self.aparcamiento.aparcar(uno, self._donde(uno), dicho, intentos)
        self._paradas.add(self._donde(uno))

    def _donde(self, uno: Pendiente) -> str:
        """The key under which a message waits: that of those that wait already, if they came before keys were hashed
        as now."""
        return uno.previas[1] if uno.previas[1] in self._paradas else uno.llave


def _explicar(error: Exception) -> str:
    """What is told of an error: our own words, or else what repeats nothing that the message holds."""
    return str(error) if isinstance(error, MensajeIlegible) else describir(error)


def _es_pasajero(error: Exception) -> bool:
    """Whether the same message may do well later."""
    return es_pasajero(error) or isinstance(error, FallaDeBroker)
