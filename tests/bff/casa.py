"""Who writes through the BFF and reads there what was written."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.eventualmente import eventualmente

P = "/api/v1"


class Casa:
    """Sends through the BFF, and reads what it has sent."""

    def __init__(self, bff: FlaskClient, api: FlaskClient) -> None:
        self._bff, self._api = bff, api
        self._posiciones: dict[str, str] = {}

    def enviar(self, que: str, cuerpo: dict[str, Any], **cabeceras: str) -> Any:
        return self._anotar(self._bff.post(f"{P}/{que}", json=cuerpo, headers=cabeceras))

    def ordenar(self, ruta: str, cuerpo: dict[str, Any]) -> Any:
        """A command that only the core has."""
        return self._anotar(self._api.post(ruta, json=cuerpo))

    def ver(self, ruta: str, estado: int = 200) -> Any:
        """A page that knows all that was sent."""
        cabecera = ",".join(f"{modulo}:{posicion}" for modulo, posicion in self._posiciones.items())
        cabeceras = {"X-Posicion-Minima": cabecera} if cabecera else {}
        respuesta = cuando_llegue(lambda: self._bff.get(f"{P}/{ruta}", headers=cabeceras))
        assert respuesta.status_code == estado, respuesta.text
        return respuesta.json

    def _anotar(self, respuesta: Any) -> Any:
        modulo, _, posicion = respuesta.headers.get("X-Posicion", "").partition(":")
        if modulo:
            self._posiciones[modulo] = posicion
        return respuesta


def cuando_llegue(pedir: Callable[[], TestResponse]) -> TestResponse:
    """Asked again while the tables are further behind than a page waits for them, as they may be on a busy machine."""
    return eventualmente(pedir, lambda respuesta: respuesta.headers.get("X-Codigo-Error") != "POSICION_NO_ALCANZADA")
