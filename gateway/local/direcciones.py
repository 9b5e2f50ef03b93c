"""Where the stack of this machine is reached, and that nobody else is there."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from gateway.config import Config
from gateway.local.errores import FallaLocal
from gateway.local.sistema import direccion_propia

_SIN_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""This machine's own servers are asked without going through the network's proxy."""


@contextmanager
def puertos_propios(config: Config) -> Iterator[None]:
    """Both ports are this stack's until the block ends. Raises FallaLocal."""
    if config.api_port == config.bff_port:
        raise FallaLocal(f"API_PORT y BFF_PORT deben ser distintos, y los dos son {config.api_port}")
    with (
        direccion_propia(config.api_host, config.api_port, "API_PORT", "levantar"),
        direccion_propia(config.bff_host, config.bff_port, "BFF_PORT", "levantar"),
    ):
        yield


def url_de_api(config: Config) -> str:
    """Where this machine reaches the API."""
    return _url(config.api_host, config.api_port)


def url_de_bff(config: Config) -> str:
    """Where this machine reaches the pages of the web interface."""
    return f"{_url(config.bff_host, config.bff_port)}/api/v1"


def responde(url: str) -> bool:
    """Whether a GET is answered with a success within a second."""
    try:
        with _SIN_PROXY.open(url, timeout=1):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _url(anfitrion: str, puerto: int) -> str:
    anfitrion = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(anfitrion, anfitrion)  # noqa: S104 - read
    return f"http://[{anfitrion}]:{puerto}" if ":" in anfitrion else f"http://{anfitrion}:{puerto}"
