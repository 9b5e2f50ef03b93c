"""What can be said of the broker at a glance."""

from typing import Any

from gateway.config import Config, sin_clave
from gateway.pulsar.admin import Administracion
from gateway.pulsar.errores import FallaDeBroker

REPITE = "el broker no descarta lo repetido"
"""What a relay sends again after a crash would be told twice: brokerDeduplicationEnabled is off."""
LISTO, EMPEZANDO, MUDO = "listo", "aún no atiende", "no responde"


def ver_broker(config: Config) -> dict[str, str | None]:
    """``pulsar_broker_url`` without secrets, and ``broker``: None without one, else whether it is of use."""
    if config.pulsar_broker_url is None:
        return {"pulsar_broker_url": None, "broker": None}
    return {"pulsar_broker_url": sin_clave(config.pulsar_broker_url), "broker": _estado(config)}


def _estado(config: Config) -> str:
    from gateway.pulsar.cliente import sondear

    try:
        sondear(config)
    except FallaDeBroker:
        return MUDO
    admin = Administracion.de(config)
    if admin is None:
        return LISTO
    with admin:
        return LISTO if admin.sana() else EMPEZANDO


def con_avisos(relevos: list[dict[str, Any]], config: Config) -> list[dict[str, Any]]:
    """The relays, each with what stops it or else is wrong with its topic (``aviso``), as far as can be asked."""
    admin = Administracion.de(config)
    if admin is None:
        return relevos
    with admin:
        return [
            {**uno, "aviso": uno["aviso"] or _aviso(admin, config.topics.eventos[uno["modulo"]])} for uno in relevos
        ]


def _aviso(admin: Administracion, topic: str) -> str | None:
    try:
        return None if admin.quita_repetidos(topic) else REPITE
    except FallaDeBroker:
        return None
