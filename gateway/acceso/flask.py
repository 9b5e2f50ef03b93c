"""The doors of a Flask application."""

from collections.abc import Callable
from typing import TypeVar, cast

from flask import Flask, Response, current_app, g, request

from gateway.acceso.identidad import Identidad, Rechazado
from gateway.acceso.mascara import enmascarar
from gateway.acceso.permisos import PUBLICO, permiso_de
from gateway.acceso.puerta import Puerta, origen_de

T = TypeVar("T")
SEGURIDAD = (
    ("Server", "alpes"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    # What is masked for one is clear for another.
    ("Vary", "Authorization"),
)
POLITICA = "default-src 'none'; frame-ancestors 'none'"
"""Data is no page: nothing in it may run. A page sets its own."""


def proteger(app: Flask, puerta: Puerta, *, api: str, dar_error: Callable[[Rechazado], Response]) -> None:
    """Ask at the door of ``app`` before each request; ``api`` ("core", "bff") names its lines in the table.

    ``dar_error`` writes a refusal in the endpoint's own shape. Call it after what gives a request its
    ``g.request_id``.
    """

    def admitir() -> None:
        ruta = request.url_rule.rule if request.url_rule is not None else None
        permiso = PUBLICO if _es_sondeo() else permiso_de(api, request.method, ruta)
        try:
            g.identidad = puerta.admitir(request.environ, permiso)
            if permiso is not PUBLICO:
                puerta.limitar(g.identidad.nombre)
        except Rechazado as rechazo:
            origen = origen_de(request.environ)
            puerta.anotar_rechazo(rechazo, api=api, origen=origen, metodo=_metodo(), ruta=ruta or "desconocida",
                                  peticion=g.get("request_id", ""))  # fmt: skip
            if rechazo.estado != 429:
                puerta.limitar(f"origen:{origen}")
            raise

    app.extensions["puerta"] = puerta
    app.register_error_handler(Rechazado, dar_error)
    app.before_request(admitir)
    app.after_request(_asegurar)


def quien() -> Identidad:
    """Who makes the request under way."""
    return cast(Identidad, g.identidad)


def mostrar_personas(cuerpo: T, **alcance: object) -> T:
    """A body with persons' data in it, as who asks may see it: masked, or clear.

    A clear look that must leave a trace is recorded first, with ``alcance`` (ids and bounds, never data); raises
    sqlalchemy's errors when it can't be.
    """
    identidad = quien()
    if not identidad.ve_datos_claros:
        return cast(T, enmascarar(cuerpo))
    puerta: Puerta = current_app.extensions["puerta"]
    puerta.anotar_vista(identidad, "ver", alcance)
    return cuerpo


def _es_sondeo() -> bool:
    """A browser asking whether it may ask (CORS), which it never does with a credential."""
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def _metodo() -> str:
    return request.method if request.method in _METODOS else "OTRO"


def _asegurar(respuesta: Response) -> Response:
    respuesta.headers.extend(SEGURIDAD)
    respuesta.headers.setdefault("Content-Security-Policy", POLITICA)
    return respuesta


_METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
