"""The one table that turns errors into HTTP, and the one place that writes an error's body."""

import re
import traceback
from collections.abc import Mapping
from http import HTTPStatus

import eventsourcing.persistence as libreria
import psycopg
import sqlalchemy.exc
import structlog
from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.http import parse_options_header

from domain.base.errores import Conflicto, ErrorDeDominio, EscrituraDisputada, NoEncontrado, VersionDistinta
from gateway.eventos.mapper import EventoIlegible
from gateway.http.escritura import a_json

PROBLEMA = "application/problem+json"
DESCONECTADO = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
    sqlalchemy.exc.TimeoutError,
    libreria.OperationalError,
    libreria.InterfaceError,
)
"""How each library that speaks to the store says that it can't."""

_ESTADOS: tuple[tuple[type[ErrorDeDominio], int, int], ...] = (
    # kind, status on the creates and on everything else; the first that fits. A create tells all its broken
    # rules as 400, whatever their kind.
    (NoEncontrado, 404, 404),
    (VersionDistinta, 412, 412),
    (EscrituraDisputada, 409, 409),
    (Conflicto, 400, 409),
    (ErrorDeDominio, 400, 400),
)
_CREACIONES = frozenset({"/cliente/registrar", "/pagos/pagar", "/campanias/comandos/crear"})
_HTTP = {
    400: ("PETICION_INVALIDA", "La petición no es válida"),
    404: ("RUTA_NO_ENCONTRADA", "No existe esa ruta"),
    405: ("METODO_NO_ADMITIDO", "Esa ruta no admite ese método"),
    408: ("CUERPO_LENTO", "El cuerpo no terminó de llegar a tiempo"),
    413: ("CUERPO_DEMASIADO_GRANDE", "El cuerpo pasa de 1 MiB"),
    415: ("TIPO_NO_ADMITIDO", "El cuerpo debe ser application/json en UTF-8"),
    503: ("OCUPADO", "Hay demasiadas peticiones a la espera; vuelva a intentarlo"),
}
_DETALLE_DE_CLIENTE = re.compile(r"/cliente/[^/]+")


class Rechazo(Exception):
    """A refusal that HTTP itself makes, before or beside the domain."""

    def __init__(self, estado: int, codigo: str, mensaje: str, cabeceras: Mapping[str, str] | None = None) -> None:
        super().__init__(mensaje)
        self.estado, self.codigo, self.mensaje, self.cabeceras = estado, codigo, mensaje, dict(cabeceras or {})


def registrar(app: Flask) -> None:
    """Let every error of ``app`` leave by this table."""
    app.register_error_handler(ErrorDeDominio, _de_dominio)
    app.register_error_handler(Rechazo, lambda e: responder(e.estado, e.codigo, e.mensaje, e.cabeceras))
    app.register_error_handler(HTTPException, _de_http)
    for clase in DESCONECTADO:
        app.register_error_handler(clase, _sin_almacen)
    app.register_error_handler(EventoIlegible, _ilegible)
    app.register_error_handler(Exception, _interno)


def responder(estado: int, codigo: str, mensaje: str, cabeceras: Mapping[str, str] | None = None) -> Response:
    """An error in the shape of the endpoint, or as a problem (RFC 9457) when the caller asks for one."""
    cuerpo: dict[str, object] = {clave_de_error(): mensaje}
    if _pide_problema():
        cuerpo = {"title": HTTPStatus(estado).phrase, "status": estado, "detail": mensaje}
    return _escribir(estado, codigo, cuerpo, cabeceras or {})


def clave_de_error() -> str:
    """The key under which this endpoint tells its errors: a client's detail says ``message``."""
    # What a GET calls "registrar" is a client, of that id.
    orden = request.path == "/cliente/registrar" and request.method not in ("GET", "HEAD")
    detalle = not orden and _DETALLE_DE_CLIENTE.fullmatch(request.path)
    return "message" if detalle else "error"


def _de_dominio(error: ErrorDeDominio) -> Response:
    en_creacion, en_lo_demas = next(estados for clase, *estados in _ESTADOS if isinstance(error, clase))
    estado = en_creacion if request.path in _CREACIONES else en_lo_demas
    cabeceras = {"Retry-After": "1"} if isinstance(error, EscrituraDisputada) else {}
    return responder(estado, error.codigo, str(error), cabeceras)


def _de_http(error: HTTPException) -> Response:
    estado = error.code or 500
    codigo, mensaje = _HTTP.get(estado, ("HTTP_" + str(estado), HTTPStatus(estado).phrase))
    cabeceras = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        cabeceras["Allow"] = ", ".join(sorted(error.valid_methods))
    if estado == 503:
        cabeceras["Retry-After"] = "1"
    if estado in (408, 413, 503):
        # The rest of the body stays unread, and the server will not take another request after it.
        cabeceras["Connection"] = "close"
    return responder(estado, codigo, mensaje, cabeceras)


def _sin_almacen(error: Exception) -> Response:
    # The driver's own message may hold addresses and values of the statement: the type is enough to search by.
    structlog.get_logger().warning("almacen_inalcanzable", tipo=type(error).__name__, request_id=g.request_id)
    mensaje = "El almacén no responde; vuelva a intentarlo"
    return responder(503, "ALMACEN_INALCANZABLE", mensaje, {"Retry-After": "1"})


def _interno(error: Exception) -> Response:
    lineas = [f"{marco.filename}:{marco.lineno} {marco.name}" for marco in traceback.extract_tb(error.__traceback__)]
    structlog.get_logger().error("error_interno", tipo=type(error).__name__, lugar=lineas[-5:], request_id=g.request_id)
    traza = "".join(traceback.format_exception(error)) if current_app.debug else g.request_id
    return _roto("ERROR_INTERNO", "Error interno", traza)


def _ilegible(error: EventoIlegible) -> Response:
    registro = structlog.get_logger()
    registro.error("evento_ilegible", tipo=type(error).__name__, detalle=str(error), request_id=g.request_id)
    return _roto("EVENTO_ILEGIBLE", str(error), g.request_id)


def _roto(codigo: str, mensaje: str, traza: str) -> Response:
    cuerpo: dict[str, object] = {"error": mensaje, "trace": traza}
    if _pide_problema():
        cuerpo = {"title": HTTPStatus(500).phrase, "status": 500, "detail": mensaje, "trace": traza}
    return _escribir(500, codigo, cuerpo, {})


def _escribir(estado: int, codigo: str, cuerpo: dict[str, object], cabeceras: Mapping[str, str]) -> Response:
    tipo = "application/json"
    if "title" in cuerpo:
        tipo = PROBLEMA
        cuerpo = {"type": f"urn:alpes:error:{codigo}", **cuerpo, "codigo": codigo, "instance": g.request_id}
    return Response(a_json(cuerpo), estado, {**cabeceras, "X-Codigo-Error": codigo}, content_type=tipo)


def _pide_problema() -> bool:
    # By name only: a wildcard accepts the endpoint's own shape. Neither case nor a parameter makes another type.
    pedidos = request.accept_mimetypes
    return any(cuanto > 0 and parse_options_header(tipo)[0].lower() == PROBLEMA for tipo, cuanto in pedidos)
