"""What can be said of the broker at a glance."""

from gateway.config import Config, sin_clave
from gateway.pulsar.admin import Administracion
from gateway.pulsar.errores import FallaDeBroker

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
