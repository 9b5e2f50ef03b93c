"""The settings of a process, and the only place that reads the environment."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

T = TypeVar("T")
LARGO_DE_LLAVE = 32
PROCESADORES = ("simulado", "http", "ninguno")
PARTNERS = ("abierto", "cerrado")
_CIERTO = {"1": True, "true": True, "si": True, "sí": True, "yes": True, "on": True}
_FALSO = {"0": False, "false": False, "no": False, "off": False}


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

    alpes_dir: Path = Path(".alpes")
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


def leer(entorno: Mapping[str, str], *, exigir_llaves: bool = True) -> Config:
    """Read the settings from ``entorno``.

    ``exigir_llaves``: with a DB_URL, refuse to go on without both secrets.
    Raises ConfiguracionInvalida, which lists every bad variable at once.
    """
    variables = _Variables(entorno)
    con_base_propia = variables.opcional("DB_URL") is None
    procesador = variables.leer("PROCESADOR", "simulado", _una_de(PROCESADORES))
    config = Config(
        alpes_dir=Path(variables.opcional("ALPES_DIR") or ".alpes").absolute(),
        db_url=variables.leer("DB_URL", None, _url_de_base),
        llave_maestra=variables.leer("LLAVE_MAESTRA", None, _llave),
        llave_unicidad=variables.leer("LLAVE_UNICIDAD", None, _llave),
        pulsar_broker_url=variables.leer("PULSAR_BROKER_URL", None, _url_con("pulsar", "pulsar+ssl")),
        api_host=variables.opcional("API_HOST") or "127.0.0.1",
        api_port=variables.leer("API_PORT", 5000, _puerto),
        debug=variables.leer("ALPES_DEBUG", False, _logico),
        procesador=procesador,
        procesador_url=variables.leer("PROCESADOR_URL", None, _url_con("http", "https")),
        partners_modo=variables.leer("PARTNERS_MODO", "abierto", _una_de(PARTNERS)),
        rate_limit=variables.opcional("RATE_LIMIT"),
    )
    if procesador == "http":
        variables.exigir("PROCESADOR_URL", "hace falta con PROCESADOR=http")
    if exigir_llaves and not con_base_propia:
        variables.exigir("LLAVE_MAESTRA", "hace falta con DB_URL (32 bytes, en hexadecimal o base64)")
        variables.exigir("LLAVE_UNICIDAD", "hace falta con DB_URL (32 bytes, en hexadecimal o base64)")
    if variables.problemas:
        raise ConfiguracionInvalida(variables.problemas)
    return config


def sin_clave(db_url: str) -> str:
    """A database URL that may be shown: without password, user's query secrets included."""
    url = make_url(db_url)
    limpia = url.difference_update_query(["password", "sslpassword", "passfile"])
    return URL.create(limpia.drivername, limpia.username, None, limpia.host, limpia.port, limpia.database,
                      limpia.query).render_as_string()  # fmt: skip


class _Variables:
    """Reads variables one by one and gathers what is wrong with them."""

    def __init__(self, entorno: Mapping[str, str]) -> None:
        self._entorno = entorno
        self.problemas: list[str] = []

    def opcional(self, nombre: str) -> str | None:
        """The variable's text; set to nothing is the same as unset."""
        return self._entorno.get(nombre, "").strip() or None

    def leer(self, nombre: str, por_defecto: T, convertir: Callable[[str], T]) -> T:
        texto = self.opcional(nombre)
        if texto is None:
            return por_defecto
        try:
            return convertir(texto)
        except ValueError as error:
            self.problemas.append(f"{nombre}: {error}")
            return por_defecto

    def exigir(self, nombre: str, razon: str) -> None:
        if self.opcional(nombre) is None:
            self.problemas.append(f"{nombre}: {razon}")


def _url_de_base(texto: str) -> str:
    """Any SQLAlchemy form of a PostgreSQL URL, as libpq reads it."""
    try:
        url = make_url(texto)
        if url.get_backend_name() not in ("postgresql", "postgres"):
            raise ValueError("debe ser una URL de PostgreSQL")
        normal = _con_anfitriones(url.set(drivername="postgresql")).render_as_string(hide_password=False)
        conninfo_to_dict(normal)
    except (ArgumentError, psycopg.Error):
        # Their messages may repeat a piece of the URL, where a password stands.
        raise ValueError("no es una URL de PostgreSQL que se pueda leer") from None
    return normal


def _con_anfitriones(url: URL) -> URL:
    """SQLAlchemy writes several hosts as ``host=a:1&host=b:2``, libpq as ``host=a,b&port=1,2``."""
    varios = url.query.get("host")
    if not isinstance(varios, tuple):
        return url
    pares = [(anfitrion, puerto or "5432") for anfitrion, _, puerto in (uno.rpartition(":") if re.search(r":\d+$", uno)
             else (uno, "", "") for uno in varios)]  # fmt: skip
    return url.update_query_dict(
        {"host": ",".join(anfitrion for anfitrion, _ in pares), "port": ",".join(puerto for _, puerto in pares)}
    )


def _llave(texto: str) -> bytes:
    try:
        llave = bytes.fromhex(texto) if re.fullmatch(r"[0-9a-fA-F]{64}", texto) else _base64(texto)
    except (binascii.Error, ValueError):
        llave = b""
    if len(llave) != LARGO_DE_LLAVE:
        raise ValueError("deben ser 32 bytes, en hexadecimal o base64")
    return llave


def _base64(texto: str) -> bytes:
    return base64.b64decode(texto.replace("-", "+").replace("_", "/") + "=" * (-len(texto) % 4), validate=True)


def _puerto(texto: str) -> int:
    if not re.fullmatch(r"\d{1,5}", texto) or not 1 <= int(texto) <= 65535:
        raise ValueError("debe ser un puerto, de 1 a 65535")
    return int(texto)


def _logico(texto: str) -> bool:
    valor = (_CIERTO | _FALSO).get(texto.casefold())
    if valor is None:
        raise ValueError("debe ser true o false")
    return valor


def _una_de(opciones: tuple[str, ...]) -> Callable[[str], str]:
    def convertir(texto: str) -> str:
        if texto.casefold() not in opciones:
            raise ValueError(f"debe ser uno de: {', '.join(opciones)}")
        return texto.casefold()

    return convertir


def _url_con(*esquemas: str) -> Callable[[str], str]:
    def convertir(texto: str) -> str:
        try:
            partes = urlsplit(texto)
            valida = partes.scheme in esquemas and bool(partes.hostname)
        except ValueError:
            valida = False
        if not valida:
            raise ValueError(f"debe ser una URL {' o '.join(esquema + '://' for esquema in esquemas)}…")
        return texto

    return convertir
