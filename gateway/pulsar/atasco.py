"""A subscription that is stuck: messages wait for the consumer that is to get them, and the broker tells none."""

from collections.abc import Callable
from time import monotonic
from typing import Any

from gateway.config import Config
from gateway.pulsar.admin import PLAZO_DE_SALUD, Administracion
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.pendientes import SUSCRIPCION
from gateway.pulsar.queja import Queja

CALLADO = 5.0
"""Seconds without any message after which the broker is asked whether it has some."""
CALLADO_MAXIMO = 60.0
"""What that grows to, doubled each time that asking or claiming was of no use."""


class Atasco:
    """Notices that one subscription is stuck, and asks for what is due.

    A broker that waits before it hands over to the next consumer may forget what the former one had taken, until
    somebody sends something more (apache/pulsar#26164).
    """

    def __init__(self, topic: str, config: Config, queja: Queja, reloj: Callable[[], float] = monotonic) -> None:
        """Without an address to ask at, it never notices."""
        self._topic, self._config, self._queja, self._reloj = topic, config, queja, reloj
        self._administracion: Administracion | None = None
        self.oir()

    def oir(self) -> None:
        """Something came, or may come from now on."""
        self._espera, self._mirar_en, self._era_nuestra = CALLADO, self._reloj() + CALLADO, False

    def cerrar(self) -> None:
        if self._administracion is not None:
            self._administracion.cerrar()
        self._administracion = None
        self.oir()

    def mirar(self, consumidor: Any) -> None:
        """Nothing came to ``consumidor`` just now. May raise PulsarException."""
        if self._reloj() < self._mirar_en:
            return
        sabido, espera, nuestra = self._preguntar(consumidor.consumer_name())
        # What waits for a consumer that was none a moment ago may be on its way.
        reclamar = espera and nuestra and self._era_nuestra
        self._era_nuestra = nuestra
        self._espera = min(self._espera * 2, CALLADO_MAXIMO) if reclamar or not sabido else CALLADO
        self._mirar_en = self._reloj() + self._espera
        if reclamar:
            self._queja.decir("el broker retiene mensajes, y se le reclaman", self._topic)
            consumidor.redeliver_unacknowledged_messages()

    def _preguntar(self, consumidor: str) -> tuple[bool, bool, bool]:
        """Whether the broker says so, whether anything waits, and whether ``consumidor`` is who gets it."""
        if self._administracion is None:
            self._administracion = Administracion.de(self._config, plazo=PLAZO_DE_SALUD)
        if self._administracion is None:
            return False, False, False
        try:
            visto = self._administracion.estadisticas(self._topic)
        except FallaDeBroker:
            return False, False, False
        una = (visto or {}).get("subscriptions", {}).get(SUSCRIPCION, {})
        return True, bool(una.get("msgBacklog")), una.get("activeConsumerName") == consumidor
