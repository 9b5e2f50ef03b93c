"""The settings of the doors, the same for both APIs."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from gateway.variables import Variables, url_con

SECRETO_MINIMO = 32
"""Bytes: what HS256 gives away at each token can be guessed at by whoever holds one, as fast as machines can."""
LIMITE_POR_DEFECTO = "6000/minute"
"""Per identity, when doors are closed and nobody said otherwise."""
Red = IPv4Network | IPv6Network
LOCALES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Acceso:
    """Who gets in, and how often. Secrets stay out of its ``repr``.

    ``jwks`` is a file or a URL. Neither it nor ``jwt_secret``: only API keys open, and without any of those the
    open mode holds.
    """

    jwt_secret: bytes | None = field(default=None, repr=False)
    jwks: str | None = field(default=None, repr=False)
    issuer: str | None = None
    audience: str | None = None
    limite: str | None = None
    redis_url: str | None = field(default=None, repr=False)
    proxies: tuple[Red, ...] = ()
    """Networks of the proxies that are believed when they say where a request came from."""

    @property
    def con_tokens(self) -> bool:
        """Whether signed tokens open."""
        return self.jwt_secret is not None or self.jwks is not None


def leer_acceso(variables: Variables) -> Acceso:
    """Read the doors' settings; what is wrong with them is added to ``variables.problemas``."""
    acceso = Acceso(
        jwt_secret=variables.leer("AUTH_JWT_SECRET", None, _secreto),
        jwks=variables.leer("AUTH_JWKS", None, _jwks),
        issuer=variables.opcional("AUTH_ISSUER"),
        audience=variables.opcional("AUTH_AUDIENCE"),
        limite=variables.leer("RATE_LIMIT", None, _limite),
        redis_url=variables.leer("REDIS_URL", None, _redis),
        proxies=variables.leer("PROXIES_DE_CONFIANZA", (), _redes),
    )
    con_secreto, con_jwks = (variables.opcional(nombre) is not None for nombre in ("AUTH_JWT_SECRET", "AUTH_JWKS"))
    if con_secreto and con_jwks:
        variables.problemas.append("AUTH_JWKS: no puede estar junto con AUTH_JWT_SECRET; deje una de las dos")
    for nombre in ("AUTH_ISSUER", "AUTH_AUDIENCE"):
        if variables.opcional(nombre) and not (con_secreto or con_jwks):
            # Who sets it counts on tokens being asked for.
            variables.problemas.append(f"{nombre}: no sirve sin AUTH_JWT_SECRET o AUTH_JWKS")
    return acceso


def _secreto(texto: str) -> bytes:
    secreto = texto.encode()
    if texto.startswith(("-----BEGIN", "ssh-")):
        # Who takes a public key for a secret lets everybody sign.
        raise ValueError("es una clave, no un secreto; las claves públicas van en AUTH_JWKS")
    if len(secreto) < SECRETO_MINIMO or len(set(secreto)) < 8:
        raise ValueError(f"debe tener {SECRETO_MINIMO} bytes o más, y no ser una repetición")
    return secreto


def _jwks(texto: str) -> str:
    if "://" in texto:
        partes = urlsplit(url_con("http", "https")(texto))
        if partes.scheme == "http" and partes.hostname not in LOCALES:
            # Whoever stands in between could hand out keys of their own.
            raise ValueError("debe ser https:// (http:// solo desde esta máquina)")
        return texto
    from gateway.acceso.jwks import JwksIlegible, leer_archivo  # noqa: PLC0415 - costs every process that has none

    try:
        leer_archivo(Path(texto))
    except JwksIlegible as error:
        raise ValueError(str(error)) from None
    return str(Path(texto).absolute())


def _redis(texto: str) -> str:
    url_con("redis", "rediss")(texto)
    from redis import ConnectionPool  # noqa: PLC0415 - costs every process that has none

    try:
        # Connects to nobody: it only reads what the URL says.
        ConnectionPool.from_url(texto).make_connection()
    except (ValueError, TypeError):
        raise ValueError("trae un parámetro que Redis no conoce, o con un valor que no vale") from None
    return texto


def _redes(texto: str) -> tuple[Red, ...]:
    try:
        return tuple(ip_network(una.strip()) for una in texto.split(","))
    except ValueError:
        raise ValueError("debe ser una red como 10.0.0.0/8, o varias separadas por comas") from None


def _limite(texto: str) -> str:
    from limits import parse_many  # noqa: PLC0415 - costs every process that has none

    try:
        limites = parse_many(texto)
    except ValueError:
        limites = []
    if not limites or not all(limite.amount and limite.multiples for limite in limites):
        raise ValueError("debe ser como «600/minute», o varios separados por comas")
    return texto
