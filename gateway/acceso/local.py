"""The open mode: without credentials configured, only this very machine is answered."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from gateway.acceso.identidad import sin_credencial

REENVIO = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_REAL_IP",
    "HTTP_X_CLIENT_IP",
    "HTTP_X_CLUSTER_CLIENT_IP",
    "HTTP_X_ORIGINAL_",
    "HTTP_X_PROXYUSER_IP",
    "HTTP_X_ORIGINATING_IP",
    "HTTP_X_REMOTE_",
    "HTTP_X_AMZN_TRACE_ID",
    "HTTP_X_APPENGINE_",
    "HTTP_X_AZURE_",
    "HTTP_X_ENVOY_",
    "HTTP_CLIENT_IP",
    "HTTP_TRUE_CLIENT_IP",
    "HTTP_CF_CONNECTING_IP",
    "HTTP_FASTLY_CLIENT_IP",
    "HTTP_FLY_CLIENT_IP",
    "HTTP_PROXY_CLIENT_IP",
    "HTTP_WL_PROXY_CLIENT_IP",
    "HTTP_CDN_LOOP",
)
"""How the headers begin by which proxies say for whom they ask, as WSGI names them."""
CERRADO = (
    "Sin credenciales configuradas solo se atiende a esta máquina. "
    "Configure AUTH_JWT_SECRET o AUTH_JWKS, o cree una llave con «alpes llaves crear», para atender a otras"
)


def exigir_local(entorno: Mapping[str, Any]) -> None:
    """Refuse a request (its WSGI environment) that comes, or might come, from elsewhere. Raises Rechazado.

    A proxy on this machine makes every peer look local, hence the forwarding headers; a page of a foreign site
    makes the browser of this machine ask, hence Host (DNS rebinding) and Origin.
    """
    if not es_de_esta_maquina(entorno):
        raise sin_credencial(CERRADO)


def es_de_esta_maquina(entorno: Mapping[str, Any]) -> bool:
    """Whether a request is plainly from this machine."""
    if not (_es_local(entorno.get("REMOTE_ADDR")) and _es_local(_anfitrion("//" + entorno.get("HTTP_HOST", "")))):
        return False
    origen = entorno.get("HTTP_ORIGIN")
    if origen is not None and not _es_local(_anfitrion(origen)):
        return False
    return not any(map(_es_de_reenvio, entorno))


@lru_cache(maxsize=256)
def _es_de_reenvio(nombre: str) -> bool:
    return nombre.startswith(REENVIO)


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
