"""Our one producer on a topic: sends in order, many at once, and knows which have arrived."""

from collections import deque
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

import pulsar

from gateway.pulsar.contratos import ENVOLTURA, Mensaje, codificar
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.topico import HASTA
from gateway.rastro import traza_de
from gateway.topics import MODULOS

VENTANA = 1000
"""Messages under way at most."""
MAXIMO = 4_500_000
"""Bytes of a message at most: the broker refuses five megabytes, and what comes after must not go out without it."""
SORDO, DESCONECTADO = 10.0, 2.0
"""Seconds without an answer, and without a connection, after which the broker counts as gone. The client would come
back by itself, but takes up to a minute to look again."""
MIRADA = 0.5
"""Seconds between two looks at the connection."""
_BIEN = pulsar.Result.Ok.value


class EnvioInterrumpido(FallaDeBroker):
    """What was sent may have arrived or not: the topic's own end must be looked at before anything more is sent."""


class MensajeDemasiadoGrande(ValueError):
    """A message that no broker takes."""


@dataclass(frozen=True, slots=True)
class Tardio:
    """Of a message that is told after those of later positions, so that the broker would drop its own number.

    ``secuencia`` is another one, of a position that no event will have; ``hasta`` is that of the last one told late.
    """

    secuencia: int
    hasta: int

    @property
    def propiedades(self) -> dict[str, str]:
        return {HASTA: str(self.hasta)}


class Sobre(pulsar.schema.AvroSchema):  # type: ignore[misc]
    """Registers the envelope's schema, and leaves the encoding to the contract."""

    def __init__(self) -> None:
        super().__init__(None, schema_definition=dict(ENVOLTURA))

    def encode(self, mensaje: Mensaje) -> bytes:
        datos = codificar(mensaje)
        if len(datos) > MAXIMO:
            raise MensajeDemasiadoGrande(f"{mensaje.event_id}: {len(datos)} bytes")
        return datos


def nombre_de(modulo: str) -> str:
    """The name of the one producer that tells a module's events. The broker admits one of a name at a time."""
    return f"alpes-relevo-{modulo}"


class Emisor:
    """One life of that producer: after any failure it is of no more use.

    It never times out by itself. A message given up by the client may still arrive, and so may one that is sent after
    it, which would leave a hole for ever: so nothing is given up but the whole producer.
    """

    def __init__(self, cliente: pulsar.Client, topic: str, modulo: str) -> None:
        """Raises PulsarException: ProducerBusy when there is another one."""
        self._productor = cliente.create_producer(
            topic,
            producer_name=nombre_de(modulo),
            schema=Sobre(),
            # A batch is dropped whole as repeated when its first message is.
            batching_enabled=False,
            send_timeout_millis=0,
            max_pending_messages=2 * VENTANA,
            block_if_queue_full=False,
        )
        self._modulo = f"{MODULOS.index(modulo) + 1:04x}"
        self._acuses: deque[tuple[int, Any, Any]] = deque()
        self._enviados = self._recibidos = self.repetidos = 0
        self.confirmada = 0
        """Position of the last message that is known to stand on the topic; 0 when none is yet."""
        self._oido_en = self._conectado_en = self._mirado_en = monotonic()

    @property
    def ultima_secuencia(self) -> int:
        """Position of the last message that the broker remembers of us; -1 when it remembers none."""
        return int(self._productor.last_sequence_id())

    @property
    def pendientes(self) -> int:
        """How many messages are under way."""
        return self._enviados - self._recibidos

    @property
    def lleno(self) -> bool:
        return self._enviados - self._recibidos - len(self._acuses) >= VENTANA

    def enviar(self, mensaje: Mensaje, tardio: Tardio | None = None) -> None:
        """Send the next message. Returns at once. Raises MensajeDemasiadoGrande."""
        if not self.pendientes:
            self._oido_en = monotonic()
        propiedades = propiedades_de(mensaje, self._modulo)
        if tardio is not None:
            propiedades |= tardio.propiedades
        self._productor.send_async(
            mensaje,
            partial(self._anotar, mensaje.posicion),
            properties=propiedades,
            partition_key=mensaje.aggregate_id,
            sequence_id=tardio.secuencia if tardio else mensaje.posicion,
        )
        self._enviados += 1

    def recoger(self) -> None:
        """Take in what has arrived. Raises EnvioInterrumpido when anything went wrong, or nothing is heard any more."""
        if self._acuses:
            self._oido_en = monotonic()
        while self._acuses:
            posicion, resultado, lugar = self._acuses.popleft()
            # By their numbers: comparing the results themselves takes longer than all the rest here.
            if resultado.value != _BIEN:
                raise EnvioInterrumpido(f"El broker no aceptó un mensaje: {resultado}")
            self._recibidos += 1
            self.confirmada = posicion
            # So the broker acknowledges what it had already and dropped.
            self.repetidos += lugar.ledger_id() < 0
        self._exigir_broker(monotonic())

    def cerrar(self) -> None:
        """Give up the name. Raises PulsarException when the broker doesn't answer."""
        self._productor.close()

    def _exigir_broker(self, ahora: float) -> None:
        if self.pendientes and ahora - self._oido_en > SORDO:
            raise EnvioInterrumpido(f"El broker no responde desde hace {SORDO:.0f} s")
        if ahora - self._mirado_en > MIRADA:
            self._mirado_en = ahora
            if self._productor.is_connected():
                self._conectado_en = ahora
            elif ahora - self._conectado_en > DESCONECTADO:
                raise EnvioInterrumpido("Se perdió la conexión con el broker")

    def _anotar(self, posicion: int, resultado: Any, lugar: Any) -> None:
        # Called from a thread of the client's, which an exception would kill with the process.
        self._acuses.append((posicion, resultado, lugar))


def propiedades_de(mensaje: Mensaje, origen: str) -> dict[str, str]:
    """What a message tells unopened. ``origen``, four hexadecimal digits, keeps the spans of topics apart."""
    propiedades = {"correlationId": mensaje.correlation_id, "posicion": str(mensaje.posicion)}
    if mensaje.correlation_id:
        propiedades["traceparent"] = f"00-{traza_de(mensaje.correlation_id)}-{origen}{mensaje.posicion:012x}-01"
    return propiedades
