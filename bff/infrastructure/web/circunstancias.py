"""What surrounds a request: its id, what goes on to the core with it, what its process works with."""

from collections.abc import Coroutine, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

from flask import current_app, g, request

from bff.application.ports.peticion import Peticion
from bff.infrastructure.contenedor import Contenedor
from gateway import rastro
from gateway.acceso.flask import quien
from gateway.acceso.puerta import Puerta
from gateway.entrada import turno_cedido

T = TypeVar("T")
DE_PASO = ("Authorization", "X-Correlation-Id", "traceparent", "tracestate", "Idempotency-Key", "If-Match")
"""Who asks, its ids, what it insists on: the caller's own, and nothing of the BFF's."""


def contenedor() -> Contenedor:
    """The use cases and adapters of the process that answers."""
    return cast(Contenedor, current_app.extensions["contenedor"])


def correr(tarea: Coroutine[Any, Any, T]) -> T:
    """Run a use case on the loop, within what is left of the request's time. Raises what it raises, ServicioLento."""
    de = contenedor()
    return de.lazo.correr(tarea, de.segundos, ceder)


def ceder() -> AbstractContextManager[None]:
    """Within the block others are served in the place of the request under way, which only waits."""
    return turno_cedido(request)


def empezar() -> None:
    """Give the request its ids, which everything that is logged of it carries."""
    g.rastro = rastro.del_pedido(request.headers)
    g.request_id = g.rastro.request_id
    rastro.empezar(g.rastro)


def anotar_vista(ruta: str, alcance: Mapping[str, object]) -> None:
    """Record, if it must be, that who asks is about to see persons in clear; of ``alcance``, ids and bounds only.

    Raises sqlalchemy's errors: what can't be recorded is not shown.
    """
    puerta: Puerta = current_app.extensions["puerta"]
    puerta.anotar_vista(quien(), "ver", {"ruta": ruta, **alcance})


def peticion() -> Peticion:
    """What goes on to the core in the caller's name."""
    suyas = {nombre: request.headers[nombre] for nombre in DE_PASO if nombre in request.headers}
    # Without the caller's own trace, the request's: the core's spans hang on it.
    return Peticion({**rastro.hacia_afuera(), **suyas, "X-Request-Id": g.request_id})
