"""How far behind our consumers are, as the broker counts it, and what they have parked."""

from collections import Counter
from typing import Any

from sqlalchemy import Engine, text

from gateway.config import Config
from gateway.pulsar.admin import Administracion
from gateway.pulsar.errores import FallaDeBroker

SUSCRIPCION = "alpes"
"""Under this name we listen, on every topic."""
AL_DIA, ATRASADO, SIN_CONSUMIDOR, NO_SE_SABE = "al día", "atrasado", "sin consumidor", "no se sabe"
_PARADAS = text("SELECT DISTINCT consumidor, llave FROM mensajes_aparcados")


def topics_oidos(config: Config) -> dict[str, str]:
    """The topics that we listen to, by consumer."""
    de_comandos = {f"comandos.{modulo}": topic for modulo, topic in config.topics.comandos.items()}
    return {"eventos.pagos": config.topics.eventos["pagos"], **de_comandos}


def pendientes(config: Config) -> list[dict[str, Any]]:
    """One row a consumer: how many messages wait, and how many listen; none where the broker can't be asked.

    Raises FallaDeBroker.
    """
    administracion = Administracion.de(config)
    if config.pulsar_broker_url is None or administracion is None:
        return []
    with administracion:
        return [_fila(administracion, nombre, topic) for nombre, topic in topics_oidos(config).items()]


def consumidores(config: Config, motor: Engine) -> list[dict[str, Any]]:
    """The same with what each has parked; figures are None while the broker can't be asked. None without a broker.

    Raises DBAPIError without a database.
    """
    if config.pulsar_broker_url is None:
        return []
    try:
        filas = pendientes(config)
    except FallaDeBroker:
        filas = []
    if not filas:
        nada = {"pendientes": None, "conectados": None, "estado": NO_SE_SABE}
        filas = [{"nombre": nombre, "topic": topic, **nada} for nombre, topic in topics_oidos(config).items()]
    paradas = llaves_aparcadas(motor)
    return [{**fila, "aparcadas": paradas.get(fila["nombre"], 0)} for fila in filas]


def llaves_aparcadas(motor: Engine) -> dict[str, int]:
    """How many keys are parked, by consumer; those with none left out. Raises DBAPIError without a database."""
    with motor.connect() as conexion:
        return dict(Counter(fila.consumidor for fila in conexion.execute(_PARADAS)))


def _fila(administracion: Administracion, nombre: str, topic: str) -> dict[str, Any]:
    una = (administracion.estadisticas(topic) or {}).get("subscriptions", {}).get(SUSCRIPCION, {})
    esperan, conectados = int(una.get("msgBacklog", 0)), len(una.get("consumers", []))
    estado = SIN_CONSUMIDOR if not conectados else ATRASADO if esperan else AL_DIA
    return {"nombre": nombre, "topic": topic, "pendientes": esperan, "conectados": conectados, "estado": estado}
