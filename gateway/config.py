"""The settings of a process, and the only place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL, make_url

from gateway.variables import Variables, llave, logico, puerto, una_de, url_con, url_de_base

RAIZ = Path(__file__).resolve().parent.parent
"""The folder of the clone."""
PROCESADORES = ("simulado", "http", "ninguno")
PARTNERS = ("abierto", "cerrado")


class ConfiguracionInvalida(Exception):
    """The environment can't be used. ``problemas`` has one Spanish line a bad variable, and no value of any."""

    def __init__(self, problemas: list[str]) -> None:
        self.problemas = problemas
        super().__init__("La configuración no es válida:\n" + "\n".join(f"  - {linea}" for linea in problemas))


@dataclass(frozen=True, slots=True)
class Config:
    """What a process needs to know. Secrets stay out of its ``repr``.

    ``db_url`` is a libpq URL (``postgresql://…``); None means the embedded PostgreSQL of ``alpes_dir``, whose
    URL and keys the local stack fills in.
    """

    alpes_dir: Path = RAIZ / ".alpes"
    db_url: str | None = field(default=None, repr=False)
    llave_maestra: bytes | None = field(default=None, repr=False)
    llave_unicidad: bytes | None = field(default=None, repr=False)
    pulsar_broker_url: str | None = field(default=None, repr=False)
    api_host: str = "127.0.0.1"
    api_port: int = 5000
    debug: bool = False
    procesador: str = "simulado"
    procesador_url: str | None = field(default=None, repr=False)
    partners_modo: str = "abierto"
    rate_limit: str | None = None


def leer(entorno: Mapping[str, str] | None = None, *, exigir_llaves: bool = True) -> Config:
    """Read the settings from ``entorno``, which is the process's own when not told.

    ``exigir_llaves``: with a DB_URL, refuse to go on without both secrets.
    Raises ConfiguracionInvalida, which lists every bad variable at once.
    """
    variables = Variables(os.environ if entorno is None else entorno)
    con_base_propia = variables.opcional("DB_URL") is None
    procesador = variables.leer("PROCESADOR", "simulado", una_de(PROCESADORES))
    config = Config(
        alpes_dir=Path(variables.opcional("ALPES_DIR") or RAIZ / ".alpes").absolute(),
        db_url=variables.leer("DB_URL", None, url_de_base),
        llave_maestra=variables.leer("LLAVE_MAESTRA", None, llave),
        llave_unicidad=variables.leer("LLAVE_UNICIDAD", None, llave),
        pulsar_broker_url=variables.leer("PULSAR_BROKER_URL", None, url_con("pulsar", "pulsar+ssl")),
        api_host=variables.opcional("API_HOST") or "127.0.0.1",
        api_port=variables.leer("API_PORT", 5000, puerto),
        debug=variables.leer("ALPES_DEBUG", False, logico),
        procesador=procesador,
        procesador_url=variables.leer("PROCESADOR_URL", None, url_con("http", "https")),
        partners_modo=variables.leer("PARTNERS_MODO", "abierto", una_de(PARTNERS)),
        rate_limit=variables.opcional("RATE_LIMIT"),
    )
    if procesador == "http":
        variables.exigir("PROCESADOR_URL", "hace falta con PROCESADOR=http")
    if exigir_llaves and not con_base_propia:
        variables.exigir("LLAVE_MAESTRA", "hace falta con DB_URL (32 bytes, en hexadecimal o base64)")
        variables.exigir("LLAVE_UNICIDAD", "hace falta con DB_URL (32 bytes, en hexadecimal o base64)")
    for credencial in ("AUTH_JWT_SECRET", "AUTH_JWKS"):
        if variables.opcional(credencial) is not None:
            # Who sets it counts on closed doors: better no API than one that ignores it.
            variables.problemas.append(f"{credencial}: aún no se admite; sin ella solo se atiende a esta máquina")
    if variables.problemas:
        raise ConfiguracionInvalida(variables.problemas)
    return config


def sin_clave(db_url: str) -> str:
    """A URL of a database or a broker that may be shown: without password, secrets of its query included."""
    url = make_url(db_url)
    limpia = url.difference_update_query(["password", "sslpassword", "passfile"])
    return URL.create(limpia.drivername, limpia.username, None, limpia.host, limpia.port, limpia.database,
                      limpia.query).render_as_string()  # fmt: skip


def para_hijos(config: Config) -> dict[str, str]:
    """The environment of a child process: this one's, with the database and the keys that ``config`` has found."""
    hallado = {
        "ALPES_DIR": str(config.alpes_dir),
        "DB_URL": config.db_url,
        "LLAVE_MAESTRA": config.llave_maestra and config.llave_maestra.hex(),
        "LLAVE_UNICIDAD": config.llave_unicidad and config.llave_unicidad.hex(),
    }
    return {**os.environ, **{nombre: valor for nombre, valor in hallado.items() if valor}}
