"""What can be said of the broker at a glance."""

from collections.abc import Callable
from typing import Any

from gateway.config import Config, sin_clave
from gateway.pulsar.admin import Administracion
from gateway.pulsar.errores import FallaDeBroker

REPITE = "el broker no descarta lo repetido"
"""What a relay sends again after a crash would be told twice: brokerDeduplicationEnabled is off."""
DESORDENA = "al cambiar de consumidor, el broker puede entregar en desorden (activeConsumerFailoverDelayTimeMillis > 0)"
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


def avisos_de_relevos(relevos: list[dict[str, Any]], config: Config) -> list[dict[str, Any]]:
    """The relays, each with what stops it or else is wrong with its topic (``aviso``), as far as can be asked."""

    def aviso(modulo: str) -> str | None:
        topic = config.topics.eventos[modulo]
        return _aviso(config, REPITE, lambda admin: not admin.quita_repetidos(topic))

    return [{**uno, "aviso": uno["aviso"] or aviso(uno["modulo"])} for uno in relevos]


def avisos_de_consumidores(consumidores: list[dict[str, Any]], config: Config) -> list[dict[str, Any]]:
    """The consumers, each with what is wrong with the broker for it (``aviso``), as far as can be asked."""
    aviso = _aviso(config, DESORDENA, lambda admin: admin.espera_al_relevar() > 0)
    return [{**uno, "aviso": aviso} for uno in consumidores]


def _aviso(config: Config, aviso: str, pasa: Callable[[Administracion], bool]) -> str | None:
    """``aviso``, when the broker can be asked and it ``pasa``."""
    admin = Administracion.de(config)
    if admin is None:
        return None
    with admin:
        try:
            return aviso if pasa(admin) else None
        except FallaDeBroker:
            return None
