"""Reading settings out of text: each variable once, each mistake in Spanish, and no value in any message."""

import base64
import binascii
import os
import re
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sqlalchemy import URL

T = TypeVar("T")
LARGO_DE_LLAVE = 32
_ILEGIBLE = "no es una URL de PostgreSQL que se pueda leer"
_CIERTO = {"1": True, "true": True, "si": True, "sí": True, "yes": True, "on": True}
_FALSO = {"0": False, "false": False, "no": False, "off": False}


class Variables:
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


def url_de_base(texto: str) -> str:
    """Any SQLAlchemy form of a PostgreSQL URL, as libpq reads it."""
    # Both libraries cost every command that has no database a good part of its start.
    import psycopg  # noqa: PLC0415
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415
    from sqlalchemy import make_url  # noqa: PLC0415
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415

    try:
        url = make_url(texto)
    except (ArgumentError, ValueError):
        # Their messages may repeat a piece of the URL, where a password stands.
        raise ValueError(_ILEGIBLE) from None
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise ValueError("debe ser una URL de PostgreSQL")
    url = _con_anfitriones(url.set(drivername="postgresql"))
    # SQLAlchemy leaves blanks in a password and writes "+" for those of a parameter, which libpq takes for a plus.
    quien_y_donde, hay, parametros = url.render_as_string(hide_password=False).partition("?")
    normal = quien_y_donde.replace(" ", "%20") + hay + parametros.replace("+", "%20")
    try:
        conninfo_to_dict(normal)
    except psycopg.Error:
        raise ValueError(_ILEGIBLE) from None
    return normal


def _con_anfitriones(url: "URL") -> "URL":
    """SQLAlchemy writes hosts and their ports as ``host=a:1&host=b:2``, libpq as ``host=a,b&port=1,2``."""
    varios = url.query.get("host", "")
    if isinstance(varios, str):
        # One alone may be a socket's folder or an IPv6 address as well, or have its port told beside it.
        if "port" in url.query or not re.fullmatch(r"[^:/,]+:\d+", varios):
            return url
        varios = (varios,)
    pares = [(anfitrion, puerto or "5432") for anfitrion, _, puerto in (uno.rpartition(":") if re.search(r":\d+$", uno)
             else (uno, "", "") for uno in varios)]  # fmt: skip
    return url.update_query_dict(
        {"host": ",".join(anfitrion for anfitrion, _ in pares), "port": ",".join(puerto for _, puerto in pares)}
    )


def llave(texto: str) -> bytes:
    try:
        llave = bytes.fromhex(texto) if re.fullmatch(r"[0-9a-fA-F]{64}", texto) else _base64(texto)
    except (binascii.Error, ValueError):
        llave = b""
    if len(llave) != LARGO_DE_LLAVE:
        raise ValueError("deben ser 32 bytes, en hexadecimal o base64")
    return llave


def _base64(texto: str) -> bytes:
    return base64.b64decode(texto.replace("-", "+").replace("_", "/") + "=" * (-len(texto) % 4), validate=True)


def puerto(texto: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", texto) or not 1 <= int(texto) <= 65535:
        raise ValueError("debe ser un puerto, de 1 a 65535")
    return int(texto)


def archivo(texto: str) -> Path:
    """A file that can be read."""
    ruta = Path(texto).absolute()
    if not (ruta.is_file() and os.access(ruta, os.R_OK)):
        raise ValueError("debe ser un archivo que se pueda leer")
    return ruta


def autoridades(texto: str) -> Path:
    """A file of certificates, which says whom to trust."""
    ruta = archivo(texto)
    try:
        ssl.create_default_context(cafile=ruta)
    except ssl.SSLError:
        raise ValueError("debe ser un archivo de certificados, en PEM") from None
    return ruta


def token(texto: str) -> str:
    """What can stand in a header."""
    if not re.fullmatch(r"[!-~]+", texto):
        raise ValueError("debe ser un token: letras, cifras y signos de ASCII, sin espacios")
    return texto


def archivo_de_token(texto: str) -> str:
    """The token that a file holds."""
    return token(archivo(texto).read_text("ascii", errors="replace").strip())


def logico(texto: str) -> bool:
    valor = (_CIERTO | _FALSO).get(texto.casefold())
    if valor is None:
        raise ValueError("debe ser true o false")
    return valor


def una_de(opciones: tuple[str, ...]) -> Callable[[str], str]:
    def convertir(texto: str) -> str:
        if texto.casefold() not in opciones:
            raise ValueError(f"debe ser uno de: {', '.join(opciones)}")
        return texto.casefold()

    return convertir


def url_con(*esquemas: str) -> Callable[[str], str]:
    def convertir(texto: str) -> str:
        try:
            partes = urlsplit(texto)
            # A cluster's URL names several places.
            lugares = [urlsplit(f"//{uno}") for uno in partes.netloc.rpartition("@")[2].split(",")]
            valida = partes.scheme in esquemas and all(uno.hostname and uno.port != 0 for uno in lugares)
        except ValueError:
            valida = False
        if not valida:
            formas = " o ".join(f"{esquema}://" for esquema in esquemas)
            raise ValueError(f"debe ser una URL {formas}…, y su puerto, si lo dice, un número de 1 a 65535")
        return texto

    return convertir
