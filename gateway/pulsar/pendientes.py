"""How far behind our consumers are, as the broker counts it."""

from typing import Any

from gateway.config import Config
from gateway.pulsar.admin import Administracion

SUSCRIPCION = "alpes"
"""Under this name we listen, on every topic."""


def topics_oidos(config: Config) -> dict[str, str]:
    """The topics that we listen to, by consumer."""
    de_comandos = {f"comandos.{modulo}": topic for modulo, topic in config.topics.comandos.items()}
    return {"eventos.pagos": config.topics.eventos["pagos"], **de_comandos}


def pendientes(config: Config) -> list[dict[str, Any]]:
    """How many messages wait for each consumer; None where the broker can't be asked. Raises FallaDeBroker."""
    topics = topics_oidos(config)
    administracion = Administracion.de(config)
    if administracion is None:
        nada = {"pendientes": None, "conectados": None}
        return [{"nombre": nombre, "topic": topic, **nada} for nombre, topic in topics.items()]
    filas = []
    with administracion:
        for nombre, topic in topics.items():
            una = (administracion.estadisticas(topic) or {}).get("subscriptions", {}).get(SUSCRIPCION, {})
            filas.append(
                {
                    "nombre": nombre,
                    "topic": topic,
                    "pendientes": int(una.get("msgBacklog", 0)),
                    "conectados": len(una.get("consumers", [])),
                }
            )
    return filas
