"""What surrounds a request: who asks, its id, what it insists on."""

import re
from datetime import datetime
from typing import cast

from flask import current_app, g, request
from flask.globals import app_ctx

from domain.base.contexto import Contexto
from gateway import rastro
from gateway.composicion import Sistema
from gateway.http.errores import Rechazo
from gateway.http.esquemas.campos import FIN_DEL_DIA, a_instante

_VERSION = re.compile(r'"?([0-9]{1,18})"?')


def sistema() -> Sistema:
    """The applications and the store of the process that answers."""
    return cast(Sistema, current_app.extensions["alpes"])


def empezar() -> None:
    """Give the request its ids, which everything that is logged of it carries."""
    suyo = rastro.del_pedido(request.headers)
    g.rastro, g.request_id = suyo, suyo.request_id
    rastro.empezar(suyo)


def contexto_de_la_orden() -> Contexto:
    """What is stamped on the events of a command. Raises Rechazo when If-Match is no version."""
    datos = app_ctx.g
    return Contexto(
        ahora=sistema().reloj(),
        actor=datos.identidad.actor,
        correlation_id=datos.rastro.correlation_id,
        causation_id=datos.request_id,
        version_esperada=version_esperada(),
    )


def version_esperada() -> int | None:
    """The version that If-Match insists on; None when any will do. Raises Rechazo when it is no version."""
    dicho = request.headers.get("If-Match")
    if dicho is None or dicho.strip() == "*":
        return None
    version = _VERSION.fullmatch(dicho.strip())
    if version is None:
        raise Rechazo(400, "IF_MATCH_INVALIDO", "If-Match debe ser la versión que dio X-Version")
    return int(version[1])


def como_de() -> datetime | None:
    """The instant of recording as of which a detail is asked for; None for now. Raises Rechazo."""
    dicho = request.args.get("como_de")
    return None if dicho is None else instante("como_de", dicho)


def instante(parametro: str, dicho: str) -> datetime:
    """An instant of the past told in the query string; a bare date is its last second. Raises Rechazo."""
    # A "+" that nobody escaped arrives as a blank.
    leido = a_instante(re.sub(r" ([0-9]{2}:?[0-9]{2})$", r"+\1", dicho), FIN_DEL_DIA)
    if leido is None:
        raise Rechazo(400, "INSTANTE_INVALIDO", f"{parametro} debe ser un instante ISO 8601")
    return leido


def logico(parametro: str) -> bool:
    """Whether the query string says ``true``. Raises Rechazo."""
    dicho = request.args.get(parametro, "false")
    if dicho not in ("true", "false"):
        raise Rechazo(400, "PARAMETRO_INVALIDO", f"{parametro} debe ser true o false")
    return dicho == "true"
