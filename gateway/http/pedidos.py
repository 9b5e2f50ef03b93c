"""From a request's bytes to what a command is made of."""

from typing import Any, cast

from flask.globals import request_ctx
from marshmallow import ValidationError

from gateway.cuerpo import leer
from gateway.entrada import leer_crudo
from gateway.http.esquemas.campos import Pedido


def leer_pedido(pedido: Pedido) -> dict[str, Any]:
    """The body of the request under way, as ``pedido`` reads it. No body at all is an empty one.

    Raises as ``leer_crudo`` does, and ReglaRota for what is no JSON or not as it should be.
    """
    try:
        return pedido.leer(leer(leer_crudo(request_ctx.request)))
    except ValidationError as error:
        raise pedido.rechazo(cast(dict[str, Any], error.messages)) from None
