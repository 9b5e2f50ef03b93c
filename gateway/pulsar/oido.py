"""One subscription of ours: takes messages, has them counted, acknowledges them."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Protocol

import pulsar
import structlog

from gateway.config import Config
from gateway.pulsar.admin import Administracion, anunciar
from gateway.pulsar.atasco import Atasco
from gateway.pulsar.cliente import conectar, legible
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.pendientes import SUSCRIPCION
from gateway.pulsar.queja import Queja
from gateway.pulsar.recibidos import Recibido, imprimible
from gateway.puntos import Punto, pasar

LOTE = 500
"""Messages taken at a time."""
BYTES = 8 * 2**20
"""Bytes after which no more are taken at a time."""
COLA = 200
"""Messages that the client fetches ahead. It counts them and weighs nothing: of the largest ones that a broker takes,
five megabytes each, that is a gigabyte a subscription."""
ESPERA_MS = 250
"""Time for which a first message is waited for, and after which what is to be done without any is done."""
SIN_BROKER = 1.0
"""Seconds between two tries at a broker that can't be reached."""

DESCANSO = 1.0
"""Seconds after which what is to be done without a message is done between two of them."""
RETENCION = 7 * 24 * 60
"""Minutes for which commands that were read are kept."""
_ULTIMO_MS = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp() * 1000)
"""A sender's clock may say more, which no date of ours can."""

_log = structlog.get_logger(__name__)


class Atencion(Protocol):
    """What becomes of the messages of one topic."""

    def atender(self, recibidos: Sequence[Recibido]) -> None:
        """Count them, each once. What raises is told again."""


class Oido:
    """One subscription, for as long as a process lives: it comes back by itself when the broker does."""

    def __init__(
        self,
        nombre: str,
        topic: str,
        atencion: Atencion,
        config: Config,
        *,
        esquema: str | None = None,
        lote: int = LOTE,
    ) -> None:
        """Nothing connects before the first step. ``esquema``: that of the topic, when it is ours to announce."""
        self.nombre, self._topic, self.atencion, self._config = nombre, topic, atencion, config
        self._esquema, self._lote = esquema, lote
        self._cliente: Any = None
        self._consumidor: Any = None
        self._pendientes: list[Any] = []
        self._descanso_en = monotonic()
        self._queja = Queja(consumidor=nombre)
        self._atasco = Atasco(topic, config, self._queja)

    def paso(self) -> float:
        """Take messages, count them, acknowledge them; return the seconds to pause before the next step.

        What can't be counted is kept and told again by the next step: what ``atender`` raises is raised.
        """
        try:
            if self._consumidor is None:
                self._suscribir()
            if not self._pendientes:
                self._pendientes = self._recibir()
            if not self._pendientes:
                self._atasco.mirar(self._consumidor)
        except (pulsar.PulsarException, FallaDeBroker, RuntimeError) as error:
            self._queja.decir("sin broker por ahora", type(error).__name__)
            self.cerrar()
            return SIN_BROKER
        if not self._pendientes:
            self._descansar()
            return 0.0
        self.atencion.atender([recibido(uno) for uno in self._pendientes])
        if monotonic() - self._descanso_en > DESCANSO:
            # Where messages never cease there is no rest to wait for.
            self._descansar()
        pasar(Punto.CONTADO)
        contados, self._pendientes = self._pendientes, []
        self._acusar(contados)
        self._atasco.oir()
        return 0.0

    def cerrar(self) -> None:
        """Leave the subscription to others. What was not acknowledged will be told again."""
        self._pendientes = []
        self._atasco.cerrar()
        viejo, self._cliente, self._consumidor = self._cliente, None, None
        if viejo is not None:
            try:
                viejo.close()
            except Exception as error:  # a client that can't be closed is left behind
                _log.warning("el cliente no se cerró", consumidor=self.nombre, error=type(error).__name__)

    def _suscribir(self) -> None:
        # Commands come in Avro too: where the broker takes no schema from producers, ours must be there.
        anunciar(self._config, self._topic, self._esquema)
        self._cliente = conectar(self._config)
        self._consumidor = self._cliente.subscribe(
            self._topic,
            SUSCRIPCION,
            consumer_type=pulsar.ConsumerType.Failover,
            initial_position=pulsar.InitialPosition.Earliest,
            receiver_queue_size=COLA,
        )
        self._limitar_retencion()
        self._atasco.oir()
        self._queja.callar()
        _log.info("escucha", consumidor=self.nombre)

    def _limitar_retencion(self) -> None:
        """Commands may carry personal data: once read they are not kept for ever, as what happened is."""
        administracion = Administracion.de(self._config)
        if self._esquema is not None and administracion is not None:
            with administracion:
                try:
                    administracion.retener(self._topic, RETENCION)
                except FallaDeBroker as error:
                    # Whoever runs that broker may have a rule of their own.
                    _log.warning("no se limitó la retención", consumidor=self.nombre, error=str(error))

    def _recibir(self) -> list[Any]:
        """The next messages: whatever has arrived, or the first one to come in a moment."""
        mensajes: list[Any] = []
        peso, espera = 0, ESPERA_MS
        try:
            while len(mensajes) < self._lote and peso < BYTES:
                mensajes.append(self._consumidor.receive(espera))
                peso, espera = peso + len(mensajes[-1].data()), 1
        except pulsar.Timeout:
            pass
        return mensajes

    def _descansar(self) -> None:
        descansar: Callable[[], None] | None = getattr(self.atencion, "descansar", None)
        if descansar is not None:
            descansar()
        self._descanso_en = monotonic()

    def _acusar(self, contados: Sequence[Any]) -> None:
        # One by one: what was acknowledged up to a point the client never shows nor acknowledges again, and a broker
        # that dies before it has stored that would count it as unread until the next message comes.
        try:
            for uno in contados:
                self._consumidor.acknowledge(uno)
        except (pulsar.PulsarException, RuntimeError) as error:
            # They will be told again, and be found counted.
            self._queja.decir("sin acuse por ahora", type(error).__name__)


def recibido(mensaje: Any) -> Recibido:
    """A message of the client's, as our readers take it, whatever its sender has put into it."""
    return Recibido(
        datos=mensaje.data(),
        version_de_esquema=mensaje._message.int_schema_version(),
        llave=legible(mensaje.partition_key),
        productor=imprimible(legible(mensaje.producer_name)),
        mensaje_id=_nombrado(mensaje.message_id()),
        publicado_en=datetime.fromtimestamp(min(mensaje.publish_timestamp(), _ULTIMO_MS) / 1000, UTC),
    )


def _nombrado(id: Any) -> str:
    return f"{id.ledger_id()}:{id.entry_id()}"
