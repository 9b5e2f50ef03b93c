"""What a broker holds back from the consumer that it should tell it to."""

from time import monotonic
from typing import Any

from gateway.config import Config
from gateway.pulsar.admin import Administracion
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.pendientes import SUSCRIPCION
from gateway.pulsar.queja import Queja

CALLADO = 5.0
"""Seconds without any message after which the broker is asked whether it has some."""


class Reclamo:
    """Notices that one subscription is held back, and asks for what is due.

    A broker that waits before it hands over to the next consumer may forget what the former one had taken, until
    somebody sends something more (apache/pulsar#26164).
    """

    def __init__(self, topic: str, config: Config, queja: Queja) -> None:
        self._topic, self._config, self._queja = topic, config, queja
        self._oido_en = monotonic()

    def oir(self) -> None:
        """Something came."""
        self._oido_en = monotonic()

    def mirar(self, consumidor: Any) -> None:
        """Nothing came to ``consumidor`` just now. May raise PulsarException."""
        if monotonic() - self._oido_en < CALLADO:
            return
        self._oido_en = monotonic()
        if self._se_le_retiene(consumidor.consumer_name()):
            self._queja.decir("el broker retiene mensajes, y se le reclaman", self._topic)
            consumidor.redeliver_unacknowledged_messages()

    def _se_le_retiene(self, consumidor: str) -> bool:
        administracion = Administracion.de(self._config)
        if administracion is None:
            return False
        with administracion:
            try:
                visto = administracion.estadisticas(self._topic)
            except FallaDeBroker:
                # Who can't say how much waits may tell it all the same.
                return False
        una = (visto or {}).get("subscriptions", {}).get(SUSCRIPCION, {})
        return bool(una.get("msgBacklog")) and una.get("activeConsumerName") == consumidor
