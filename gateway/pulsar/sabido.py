"""What the broker can say of some messages of ours: whether it has them, and who has acknowledged how much."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.base.aplicacion import Aplicacion
from gateway.config import Config
from gateway.pulsar.admin import Administracion
from gateway.pulsar.alineacion import existe
from gateway.pulsar.cliente import conectado
from gateway.pulsar.cotejo import huella_de
from gateway.pulsar.emisor import nombre_de
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.topico import Contado, Topico

DESFASE = timedelta(minutes=1)
"""By how much the clocks of a database and of a relay may differ."""


@dataclass
class Sabido:
    """``primero`` is what the topic begins with; ``hallados`` by what ``huella_de`` says of them."""

    suscripciones: list[dict[str, Any]]
    primero: Contado | None = None
    hallados: dict[bytes, Contado] = field(default_factory=dict)


def preguntar(config: Config, aplicacion: Aplicacion, huellas: set[bytes], desde: datetime) -> Sabido:
    """Look for messages that can't have been told before ``desde``, in one reading. Raises FallaDeBroker."""
    if config.pulsar_broker_url is None:
        raise FallaDeBroker("no hay broker en marcha")
    topic = config.topics.eventos[aplicacion.modulo]
    sabido, por_hallar = Sabido(_suscripciones(config, topic)), set(huellas)
    if not por_hallar or not existe(config, topic):
        return sabido
    with conectado(config) as cliente:
        topico = Topico(cliente, topic, nombre_de(aplicacion.modulo))
        sabido.primero = next(topico.mensajes(), None)
        for contado in topico.mensajes(desde - DESFASE):
            huella = huella_de(contado.mensaje)
            if huella in por_hallar:
                sabido.hallados[huella] = contado
                por_hallar.discard(huella)
            if not por_hallar:
                break
    return sabido


def _suscripciones(config: Config, topic: str) -> list[dict[str, Any]]:
    """Where each lasting subscription of a topic stands, ours and others'; none where nobody can be asked."""
    admin = Administracion.de(config)
    if admin is None:
        return []
    with admin:
        vistas = (admin.estadisticas(topic) or {}).get("subscriptions", {})
        cursores = admin.cursores(topic)
    return [
        {
            "suscripcion": nombre,
            "hasta": cursores[nombre]["markDeletePosition"],
            "sueltos": cursores[nombre].get("individuallyDeletedMessages", ""),
            "pendientes": int(una.get("msgBacklog", 0)),
            "conectados": len(una.get("consumers", [])),
        }
        for nombre, una in vistas.items()
        if una.get("durable", una.get("isDurable", True)) and nombre in cursores
    ]
