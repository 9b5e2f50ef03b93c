"""The doors of a Flask application."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from flask import Flask, Request, Response, current_app, g
from flask.globals import request_ctx

from gateway.acceso.identidad import SIN_ALMACEN, Identidad, Rechazado
from gateway.acceso.mascara import enmascarar
from gateway.acceso.permisos import PUBLICO, permiso_de
from gateway.acceso.puerta import Puerta

T = TypeVar("T")
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
SEGURIDAD = (
    ("Server", "alpes"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
POLITICA = (("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),)
"""Data is no page: nothing in it may run. A page sets its own."""


def proteger(app: Flask, puerta: Puerta, *, api: str, dar_error: Callable[[Rechazado], Response]) -> None:
    """Ask at the door of ``app`` before each request; ``api`` ("core", "bff") names its lines in the table.

    ``dar_error`` writes a refusal in the endpoint's own shape. Call it after what gives a request its
    ``g.request_id``.
    """

    def admitir() -> None:
        pedido = request_ctx.request
        ruta = pedido.url_rule.rule if pedido.url_rule is not None else None
        permiso = PUBLICO if _es_sondeo(pedido) else permiso_de(api, pedido.method, ruta)
        try:
            g.identidad = identidad = puerta.admitir(pedido.environ, permiso)
            if permiso is not PUBLICO:
                puerta.limitar(identidad.nombre)
        except Rechazado as rechazo:
            if rechazo.motivo == SIN_ALMACEN:
                # Nobody was refused, and to write it down or look whether to count it is to wait for it again.
                raise
            origen = puerta.origen(pedido.environ)
            metodo, patron = rotulos(pedido)
            puerta.anotar_rechazo(rechazo, api=api, origen=origen, metodo=metodo, ruta=patron,
                                  peticion=g.get("request_id", ""))  # fmt: skip
            if rechazo.estado != 429:
                puerta.limitar(f"origen:{origen}")
            raise

    app.extensions["puerta"] = puerta
    app.register_error_handler(Rechazado, dar_error)
    app.before_request(admitir)
    app.after_request(_variar)
    app.wsgi_app = _con_seguridad(app.wsgi_app)  # type: ignore[method-assign, assignment]


def rotulos(pedido: Request) -> tuple[str, str]:
    """Method and route as lines and figures name them: the pattern, since an address may hold what somebody typed."""
    metodo = pedido.method if pedido.method in METODOS else "OTRO"
    return metodo, "desconocida" if pedido.url_rule is None else pedido.url_rule.rule


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


def _es_sondeo(pedido: Request) -> bool:
    """A browser asking whether it may ask (CORS), which it never does with a credential."""
    return pedido.method == "OPTIONS" and "Access-Control-Request-Method" in pedido.headers


def _variar(respuesta: Response) -> Response:
    # What is masked for one is clear for another.
    respuesta.headers.add("Vary", "Authorization")
    return respuesta


def _con_seguridad(wsgi: Wsgi) -> Wsgi:
    """Send these headers with every answer. Added here, they aren't checked and copied one by one for each."""

    def asegurar(entorno: dict[str, Any], empezar: Any) -> Iterable[bytes]:
        def con_cabeceras(estado: str, cabeceras: list[tuple[str, str]], *resto: Any) -> Any:
            con_politica = any(nombre == "Content-Security-Policy" for nombre, _ in cabeceras)
            return empezar(estado, [*cabeceras, *SEGURIDAD, *(() if con_politica else POLITICA)], *resto)

        return wsgi(entorno, con_cabeceras)

    return asegurar
