"""From a request's bytes to what a command is made of."""

from typing import Any, cast

from flask import Request
from flask.globals import request_ctx
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
    peticion = request_ctx.request
    crudo = peticion.get_data(cache=False)
    if len(crudo) > CUERPO_MAXIMO:
        raise RequestEntityTooLarge
    if crudo and not _es_json(peticion):
        raise Rechazo(415, "TIPO_NO_ADMITIDO", "El cuerpo debe ser application/json en UTF-8")
    try:
        return pedido.leer(leer(crudo))
    except ValidationError as error:
        raise pedido.rechazo(cast(dict[str, Any], error.messages)) from None


def _es_json(peticion: Request) -> bool:
    if "Content-Encoding" in peticion.headers:
        return False
    if peticion.content_type == JSON:
        return True
    return peticion.is_json and peticion.mimetype_params.get("charset", "utf-8").lower() in JUEGOS
