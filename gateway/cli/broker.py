"""What can be said of the broker at a glance."""

from contextlib import suppress
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


def con_avisos(visto: dict[str, list[dict[str, Any]]], config: Config) -> dict[str, list[dict[str, Any]]]:
    """Relays and consumers, each with what stops it or else is wrong with its broker (``aviso``), if known."""
    repiten, desordena = _preguntar(config)
    return {
        "relevos": [
            {**uno, "aviso": uno["aviso"] or (REPITE if uno["modulo"] in repiten else None)} for uno in visto["relevos"]
        ],
        "consumidores": [{**uno, "aviso": DESORDENA if desordena else None} for uno in visto["consumidores"]],
    }


def _preguntar(config: Config) -> tuple[set[str], bool]:
    """Whose topics tell again what is sent again, and whether a change of consumer may disorder what is told."""
    repiten = set[str]()
    admin = Administracion.de(config)
    if admin is None:
        return repiten, False
    with admin, suppress(FallaDeBroker):
        repiten |= {modulo for modulo, topic in config.topics.eventos.items() if not admin.quita_repetidos(topic)}
        return repiten, admin.espera_al_relevar() > 0
    return repiten, False
