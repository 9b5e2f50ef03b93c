"""What stands on a topic of events: read back to learn where we are, and by whoever wants to see what was told."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pulsar

from gateway.pulsar.contratos import SIN_ESQUEMA, Mensaje, MensajeIlegible, leer

PLAZO_MS = 5000
"""Milliseconds for which a message that the broker says is there is waited for."""
SALTOS_MS = (1_000, 60_000, 3_600_000, 86_400_000)
"""How far back a message of ours is looked for behind those of others, before all is read."""
HASTA = "hasta"
"""The property of what is told late: see ``gateway.pulsar.emisor.Tardio``."""


@dataclass(frozen=True, slots=True)
class Contado:
    """A message as it stands on its topic. ``lugar`` is its id there, ``ledger:entry``."""

    mensaje: Mensaje
    lugar: str
    publicado_en: datetime
    propiedades: Mapping[str, str]

    @property
    def hasta(self) -> int:
        """The position up to which all is told or lost, once this message stands last."""
        return int(self.propiedades.get(HASTA, self.mensaje.posicion))


class Topico:
    """One topic, of which the messages of ``productor`` are looked at: others may write there too."""

    def __init__(self, cliente: pulsar.Client, topic: str, productor: str) -> None:
        self._cliente, self._topic, self._productor = cliente, topic, productor
        self._esquemas: dict[int, Mapping[str, Any]] = {}

    def cola(self, latido: Callable[[], None] = lambda: None) -> Contado | None:
        """The last message of the producer's, however many of others came after it; None when there is none.

        ``latido`` is called for each that is read: they may be very many.
        Raises PulsarException when the broker doesn't answer.
        """
        with self._lector(pulsar.MessageId.latest) as lector:
            final = next(_hasta_el_final(lector), None)
            if final is None:
                return None
            hallado = self._ultimo([final], latido)
            for desde in (*(final.publish_timestamp() - salto for salto in SALTOS_MS), pulsar.MessageId.earliest):
                if hallado is None:
                    lector.seek(desde)
                    # Up to where the topic ended when we came: others may write for ever.
                    hallado = self._ultimo(_hasta(lector, final), latido)
        return hallado

    def mensajes(self, desde: datetime | None = None) -> Iterator[Contado]:
        """The producer's messages in order, of all times or published since ``desde``, up to the present end."""
        with self._lector(pulsar.MessageId.earliest) as lector:
            if desde is not None:
                lector.seek(int(desde.timestamp() * 1000))
            yield from self._suyos(_hasta_el_final(lector))

    @contextmanager
    def _lector(self, desde: Any) -> Iterator[pulsar.Reader]:
        lector = self._cliente.create_reader(self._topic, desde, start_message_id_inclusive=True)
        try:
            yield lector
        finally:
            lector.close()

    def _suyos(self, mensajes: Iterable[pulsar.Message]) -> Iterator[Contado]:
        """What the producer has told, always in Avro: others may use its name while it is away."""
        for uno in mensajes:
            if uno.producer_name() == self._productor and uno._message.int_schema_version() != SIN_ESQUEMA:
                with suppress(MensajeIlegible):
                    yield self._contado(uno)

    def _ultimo(self, mensajes: Iterable[pulsar.Message], latido: Callable[[], None]) -> Contado | None:
        def vivos() -> Iterator[pulsar.Message]:
            for uno in mensajes:
                latido()
                yield uno

        ultimo = deque(self._suyos(vivos()), maxlen=1)
        return ultimo[0] if ultimo else None

    def _contado(self, mensaje: pulsar.Message) -> Contado:
        version = mensaje._message.int_schema_version()
        ledger, entrada, _ = _lugar(mensaje)
        return Contado(
            leer(mensaje.data(), version, self._esquema(version)),
            f"{ledger}:{entrada}",
            datetime.fromtimestamp(mensaje.publish_timestamp() / 1000, UTC),
            mensaje.properties(),
        )

    def _esquema(self, version: int) -> Mapping[str, Any]:
        if version not in self._esquemas:
            self._esquemas[version] = json.loads(self._cliente._client.get_schema_info(self._topic, version).schema())
        return self._esquemas[version]


def _hasta_el_final(lector: pulsar.Reader) -> Iterator[pulsar.Message]:
    while lector.has_message_available():
        yield lector.read_next(PLAZO_MS)


def _hasta(lector: pulsar.Reader, final: pulsar.Message) -> Iterator[pulsar.Message]:
    fin = _lugar(final)
    for uno in _hasta_el_final(lector):
        if _lugar(uno) > fin:
            return
        yield uno
        if _lugar(uno) == fin:
            return


def _lugar(mensaje: pulsar.Message) -> tuple[int, int, int]:
    lugar = mensaje.message_id()
    return lugar.ledger_id(), lugar.entry_id(), lugar.batch_index()
