"""From a request's bytes to what a command is made of."""

from typing import Any, cast

from flask import request
from marshmallow import ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from gateway.http.cuerpo import CUERPO_MAXIMO, leer
from gateway.http.errores import Rechazo
from gateway.http.esquemas.campos import Pedido

JSON = "application/json"
JUEGOS = ("utf-8", "utf8", "us-ascii")


def leer_pedido(pedido: Pedido) -> dict[str, Any]:
    """The body of the request under way, as ``pedido`` reads it. No body at all is an empty one.

    Raises Rechazo (415), RequestEntityTooLarge, and ReglaRota for what is no JSON or not as it should be.
    """
    crudo = request.get_data(cache=False)
    if len(crudo) > CUERPO_MAXIMO:
        raise RequestEntityTooLarge
    if crudo and not _es_json():
        raise Rechazo(415, "TIPO_NO_ADMITIDO", "El cuerpo debe ser application/json en UTF-8")
    try:
        return cast(dict[str, Any], pedido.load(leer(crudo)))
    except ValidationError as error:
        raise pedido.rechazo(cast(dict[str, Any], error.messages)) from None


def _es_json() -> bool:
    if "Content-Encoding" in request.headers:
        return False
    if request.content_type == JSON:
        return True
    return request.is_json and request.mimetype_params.get("charset", "utf-8").lower() in JUEGOS
