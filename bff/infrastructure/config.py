"""The settings of the BFF, read from the environment."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from gateway.acceso.ajustes import Acceso, leer_acceso
from gateway.config import Config, ConfiguracionInvalida, leer
from gateway.local.base import con_base_en_marcha
from gateway.local.errores import FallaLocal
from gateway.variables import Variables, logico, url_con

VERSION = "1.0.0"
NO_ARRANCA = (ConfiguracionInvalida, FallaLocal)
"""Why a process can't start, told in Spanish to whoever starts it."""
CORE = "http://localhost:5000"
_NINGUNO: tuple[str, ...] = ()
_ORIGEN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
_SOBRA = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Ajustes:
    """What the BFF needs to know. Secrets stay out of its ``repr``.

    Times are in seconds; a ``cache_timeout`` of 0 keeps nothing. ``request_timeout`` is for a whole request.
    ``cors_origins``: the sites whose pages may ask, "*" for any; none when empty.
    """

    db_url: str = field(repr=False)
    acceso: Acceso = field(default_factory=Acceso)
    host: str = "0.0.0.0"  # noqa: S104 - the contract's default; without credentials only this machine is answered
    port: int = 5001
    debug: bool = False
    secret_key: str | None = field(default=None, repr=False)
    cliente_url: str = CORE
    pagos_url: str = CORE
    campanias_url: str = CORE
    cache_timeout: float = 300
    request_timeout: float = 10
    max_page_size: int = 100
    cors_origins: tuple[str, ...] = ()


def leer_ajustes(entorno: Mapping[str, str] | None = None) -> tuple[Ajustes, Config]:
    """The BFF's settings, and those that it shares with the core.

    Without DB_URL the embedded database of a running stack is found.
    Raises ConfiguracionInvalida, which lists every bad variable at once, and FallaLocal when there is no database.
    """
    entorno = os.environ if entorno is None else entorno
    variables = Variables(entorno)
    acceso = leer_acceso(variables)
    propios = {
        "debug": variables.leer("BFF_DEBUG", False, logico),
        "secret_key": variables.opcional("BFF_SECRET_KEY"),
        "cliente_url": variables.leer("CLIENTE_SERVICE_URL", CORE, url_con("http", "https")),
        "pagos_url": variables.leer("PAGOS_SERVICE_URL", CORE, url_con("http", "https")),
        "campanias_url": variables.leer("CAMPANIAS_SERVICE_URL", CORE, url_con("http", "https")),
        "cache_timeout": variables.leer("BFF_CACHE_TIMEOUT", 300.0, _segundos(0, 86_400)),
        "request_timeout": variables.leer("BFF_REQUEST_TIMEOUT", 10.0, _segundos(0.05, 600)),
        "max_page_size": variables.leer("BFF_MAX_PAGE_SIZE", 100, _tamano),
        "cors_origins": variables.leer("BFF_CORS_ORIGINS", _NINGUNO, _origenes),
    }
    config = _comun(entorno, variables.problemas)
    db_url = str(con_base_en_marcha(config).db_url)
    return Ajustes(db_url, acceso, config.bff_host, config.bff_port, **propios), config  # type: ignore[arg-type]


def _comun(entorno: Mapping[str, str], problemas: list[str]) -> Config:
    """The core's settings; one message lists all that is wrong, whosever it is."""
    try:
        config = leer(entorno, exigir_llaves=False)
    except ConfiguracionInvalida as error:
        raise ConfiguracionInvalida(list(dict.fromkeys([*error.problemas, *problemas]))) from None
    if problemas:
        raise ConfiguracionInvalida(problemas)
    return config


def _segundos(minimo: float, maximo: float) -> Callable[[str], float]:
    def convertir(texto: str) -> float:
        if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", texto) or not minimo <= float(texto) <= maximo:
            raise ValueError(f"debe ser un número de segundos, de {minimo:g} a {maximo:g}")
        return float(texto)

    return convertir


def _tamano(texto: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", texto) or not 1 <= int(texto) <= 1000:
        raise ValueError("debe ser un entero, de 1 a 1000")
    return int(texto)


def _origenes(texto: str) -> tuple[str, ...]:
    """As browsers name them: small letters, and no port that goes without saying."""
    origenes = [origen.strip().lower().rstrip("/") for origen in texto.split(",") if origen.strip()]
    # The library takes what looks like a pattern for one: "https://*.example.com" would let example.com.evil.com in.
    if not all(origen == "*" or _ORIGEN.fullmatch(origen) for origen in origenes):
        raise ValueError("debe ser una lista de orígenes enteros, como https://panel.example.com, o *")
    return tuple(origen.removesuffix(_SOBRA.get(origen.partition(":")[0], "/")) for origen in origenes)
