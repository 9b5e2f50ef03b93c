"""The settings of a process, and the only place that reads the environment."""

import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gateway.acceso.ajustes import Acceso, leer_acceso
from gateway.topics import CLASES, MODULOS, Topics, completo, variable
from gateway.variables import (
    Variables,
    archivo_de_token,
    autoridades,
    llave,
    logico,
    puerto,
    token,
    una_de,
    url_con,
    url_de_base,
)

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
    URL and keys the local stack fills in. So it does with the URLs of the embedded broker, while one runs;
    ``pulsar_broker_url`` None means that there is no broker, and ``pulsar_admin_url`` that its REST can't be asked.
    ``jars_dir`` keeps what the embedded broker is made of, for all clones of this user.
    """

    alpes_dir: Path = RAIZ / ".alpes"
    db_url: str | None = field(default=None, repr=False)
    llave_maestra: bytes | None = field(default=None, repr=False)
    llave_unicidad: bytes | None = field(default=None, repr=False)
    pulsar_broker_url: str | None = field(default=None, repr=False)
    pulsar_admin_url: str | None = field(default=None, repr=False)
    pulsar_token: str | None = field(default=None, repr=False)
    pulsar_tls_ca: Path | None = None
    pulsar_tls_verificar: bool = True
    topics: Topics = field(default_factory=Topics)
    jars_dir: Path = RAIZ / ".alpes" / "jars"
    api_host: str = "127.0.0.1"
    api_port: int = 5000
    bff_host: str = "0.0.0.0"  # noqa: S104 - without credentials only this machine is answered
    bff_port: int = 5001
    debug: bool = False
    procesador: str = "simulado"
    procesador_url: str | None = field(default=None, repr=False)
    partners_modo: str = "abierto"
    acceso: Acceso = field(default_factory=Acceso)
    """Who gets in, and how often."""


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
        pulsar_admin_url=variables.leer("PULSAR_ADMIN_URL", None, url_con("http", "https")),
        pulsar_token=_token(variables),
        pulsar_tls_ca=variables.leer("PULSAR_TLS_TRUST_CERTS", None, autoridades),
        pulsar_tls_verificar=variables.leer("PULSAR_TLS_VERIFICAR", True, logico),
        topics=_topics(variables),
        jars_dir=_cache(variables) / "alpes-partners" / "jars",
        api_host=variables.opcional("API_HOST") or "127.0.0.1",
        api_port=variables.leer("API_PORT", 5000, puerto),
        bff_host=variables.opcional("BFF_HOST") or "0.0.0.0",  # noqa: S104
        bff_port=variables.leer("BFF_PORT", 5001, puerto),
        debug=variables.leer("ALPES_DEBUG", False, logico),
        procesador=procesador,
        procesador_url=variables.leer("PROCESADOR_URL", None, url_con("http", "https")),
        partners_modo=variables.leer("PARTNERS_MODO", "abierto", una_de(PARTNERS)),
        acceso=leer_acceso(variables),
    )
    if procesador == "http":
        variables.exigir("PROCESADOR_URL", "hace falta con PROCESADOR=http")
    if exigir_llaves and not con_base_propia:
        variables.exigir("LLAVE_MAESTRA", "hace falta con DB_URL (32 bytes, en hexadecimal o base64)")
        variables.exigir("LLAVE_UNICIDAD", "hace falta con DB_URL (32 bytes, en hexadecimal o base64)")
    if variables.problemas:
        raise ConfiguracionInvalida(variables.problemas)
    return config


def _cache(variables: Variables) -> Path:
    """Where what can be fetched again is kept for all clones of this user."""
    return Path(variables.opcional("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")).absolute()


def _token(variables: Variables) -> str | None:
    """What this application shows to a broker that asks who it is: told, or kept in a file."""
    guardado = variables.leer("PULSAR_TOKEN_FILE", None, archivo_de_token)
    return variables.leer("PULSAR_TOKEN", guardado, token)


def _topics(variables: Variables) -> Topics:
    propios = Topics().todos()
    nombres = {
        clase: {
            modulo: variables.leer(variable(clase, modulo), propios[variable(clase, modulo)], completo)
            for modulo in MODULOS
        }
        for clase in CLASES
    }
    topics = Topics(**nombres)
    repetidos = [nombre for nombre, veces in Counter(topics.todos().values()).items() if veces > 1]
    variables.problemas += [f"TOPIC_*: {nombre} es el nombre de más de un topic" for nombre in repetidos]
    return topics


def sin_clave(db_url: str) -> str:
    """A URL of a database or a broker that may be shown: without password, secrets of its query included."""
    if db_url.startswith("pulsar"):
        # One URL of several brokers is none to SQLAlchemy.
        return re.sub(r"//[^@/]*@", "//", db_url)
    from sqlalchemy import URL, make_url  # noqa: PLC0415 - costs every command that has no database

    url = make_url(db_url)
    limpia = url.difference_update_query(["password", "sslpassword", "passfile"])
    return URL.create(limpia.drivername, limpia.username, None, limpia.host, limpia.port, limpia.database,
                      limpia.query).render_as_string()  # fmt: skip


def leer_maestra_nueva() -> bytes | None:
    """The master key that is to take the place of the present one. Raises ConfiguracionInvalida."""
    variables = Variables(os.environ)
    nueva: bytes | None = variables.leer("LLAVE_MAESTRA_NUEVA", None, llave)
    if variables.problemas:
        raise ConfiguracionInvalida(variables.problemas)
    return nueva


def para_hijos(config: Config) -> dict[str, str]:
    """The environment of a child process: this one's, with what ``config`` has found or left out."""
    hallado = {
        "ALPES_DIR": str(config.alpes_dir),
        "DB_URL": config.db_url,
        "LLAVE_MAESTRA": config.llave_maestra and config.llave_maestra.hex(),
        "LLAVE_UNICIDAD": config.llave_unicidad and config.llave_unicidad.hex(),
    }
    # Set to nothing is unset: a broker that this stack goes without must not reach its children either.
    broker = {"PULSAR_BROKER_URL": config.pulsar_broker_url or "", "PULSAR_ADMIN_URL": config.pulsar_admin_url or ""}
    return {**os.environ, **{nombre: valor for nombre, valor in hallado.items() if valor}, **broker,
            **config.topics.todos()}  # fmt: skip


def olvidar_las_de_libpq() -> None:
    """Forget what this process's environment tells libpq beside a URL: it is about another server than the embedded."""
    for nombre in [nombre for nombre in os.environ if nombre.startswith("PG")]:
        del os.environ[nombre]


def quedarse_con(**ajustes: str) -> None:
    """Forget this process's settings but these: for a stack of its own that must not touch what the others name."""
    del_sistema = {nombre: os.environ[nombre] for nombre in ("PATH", "HOME", "XDG_CACHE_HOME") if nombre in os.environ}
    os.environ.clear()
    os.environ.update(del_sistema | ajustes)
