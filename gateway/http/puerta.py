"""The open mode: without credentials configured, only this very machine is answered."""

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from gateway.http.errores import Rechazo

REENVIO = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_X_ORIGINAL_",
    "HTTP_X_PROXYUSER_IP",
    "HTTP_CLIENT_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CF_CONNECTING_IP",
    "HTTP_FASTLY_CLIENT_IP",
)
"""How the headers begin by which proxies say for whom they ask, as WSGI names them."""
CERRADO = (
    "Sin credenciales configuradas solo se atiende a esta máquina. "
    "Configure AUTH_JWT_SECRET o AUTH_JWKS para atender a otras"
)


class SoloEstaMaquina(Rechazo):
    """Not a plain request from this machine."""

    def __init__(self) -> None:
        super().__init__(401, "CREDENCIALES_REQUERIDAS", CERRADO, {"WWW-Authenticate": "Bearer"})


def exigir_local() -> None:
    """Refuse a request that comes, or might come, from elsewhere. Raises SoloEstaMaquina.

    A proxy on this machine makes every peer look local, hence the forwarding headers; a page of a foreign site
    makes the browser of this machine ask, hence Host (DNS rebinding) and Origin.
    """
    if not (_es_local(request.remote_addr) and _es_local(_anfitrion("//" + request.headers.get("Host", "")))):
        raise SoloEstaMaquina
    origen = request.headers.get("Origin")
    if origen is not None and not _es_local(_anfitrion(origen)):
        raise SoloEstaMaquina
    for nombre in request.environ:
        if nombre.startswith(REENVIO):
            raise SoloEstaMaquina


@lru_cache(maxsize=256)
def _anfitrion(url: str) -> str | None:
    try:
        partes = urlsplit(url)
        partes.port  # noqa: B018 - reading it is what refuses a port that is none
        # Only a whole authority: readers differ on where the host of "localhost#.example.com" ends.
        return partes.hostname if partes.username is None and url.partition("//")[2] == partes.netloc else None
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _es_local(anfitrion: str | None) -> bool:
    if not anfitrion:
        return False
    if anfitrion == "localhost":
        return True
    try:
        direccion = ip_address(anfitrion)
    except ValueError:
        return False
    return (getattr(direccion, "ipv4_mapped", None) or direccion).is_loopback
