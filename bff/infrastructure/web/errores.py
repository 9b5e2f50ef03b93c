"""The one table that turns errors into HTTP, and the one place that writes an error's body."""

import traceback
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.http import parse_options_header

from bff.domain.exceptions import (
    AunNoLlega,
    DatosInvalidos,
    ErrorDelBff,
    EventoIlegible,
    FallaDeServicio,
    NoEncontrado,
    ParametrosInvalidos,
    Rechazado,
    ServicioLento,
    ServicioRoto,
)
from bff.infrastructure.web.respuestas import a_json
from gateway.acceso.identidad import Rechazado as SinPaso

PROBLEMA = "application/problem+json"
_TABLA: tuple[tuple[type[ErrorDelBff], int, str], ...] = (
    # kind, status, title; the first that fits
    (ParametrosInvalidos, 400, "Parámetros inválidos"),
    (DatosInvalidos, 400, "Datos inválidos"),
    (NoEncontrado, 404, "No encontrado"),
    (AunNoLlega, 503, "Aún no disponible"),
    (ServicioLento, 504, "El servicio tardó demasiado"),
    (ServicioRoto, 502, "El servicio no responde"),
    (EventoIlegible, 502, "Un evento guardado no se puede leer"),
)
_DE_LA_PUERTA = {
    401: "No autenticado",
    403: "Sin permiso",
    429: "Demasiadas peticiones",
    503: "Aún no disponible",
}
_HTTP = {
    400: ("PETICION_INVALIDA", "La petición no es válida"),
    404: ("RUTA_NO_ENCONTRADA", "No existe esa ruta"),
    405: ("METODO_NO_ADMITIDO", "Esa ruta no admite ese método"),
    408: ("CUERPO_LENTO", "El cuerpo no terminó de llegar a tiempo"),
    413: ("CUERPO_DEMASIADO_GRANDE", "El cuerpo pasa de 1 MiB"),
    415: ("TIPO_NO_ADMITIDO", "El cuerpo debe ser application/json en UTF-8"),
    503: ("OCUPADO", "Hay demasiadas peticiones a la espera; vuelva a intentarlo"),
}


def registrar(app: Flask) -> None:
    """Let every error of ``app`` leave by this table."""
    app.register_error_handler(ErrorDelBff, _nuestro)
    app.register_error_handler(SQLAlchemyError, lambda _: _nuestro(ServicioRoto("base de datos")))
    app.register_error_handler(HTTPException, _de_http)
    app.register_error_handler(Exception, _interno)


def dar_error(rechazo: SinPaso) -> Response:
    """Somebody who was not let in."""
    return responder(
        rechazo.estado, rechazo.codigo, _DE_LA_PUERTA[rechazo.estado], rechazo.texto, cabeceras=rechazo.cabeceras
    )


def responder(
    estado: int,
    codigo: str,
    titulo: str,
    mensaje: str,
    *,
    detalles: Mapping[str, Any] | None = None,
    cabeceras: Mapping[str, str] | None = None,
) -> Response:
    """An error in the BFF's shape, or as a problem (RFC 9457) when the caller asks for one."""
    con_detalles = {"details": detalles} if detalles else {}
    cuerpo: dict[str, Any] = {"error": titulo, "message": mensaje, **con_detalles}
    tipo = "application/json"
    # By name only: a wildcard accepts the BFF's own shape. Neither case nor a parameter makes another type.
    pedidos = request.accept_mimetypes
    if any(cuanto > 0 and parse_options_header(pedido)[0].lower() == PROBLEMA for pedido, cuanto in pedidos):
        tipo = PROBLEMA
        cuerpo = {
            "type": f"urn:alpes:error:{codigo}",
            "title": HTTPStatus(estado).phrase,
            "status": estado,
            "detail": mensaje,
            "codigo": codigo,
            "instance": g.request_id,
            **con_detalles,
        }
    todas = {**(cabeceras or {}), "X-Codigo-Error": codigo, "Cache-Control": "no-store"}
    return Response(a_json(cuerpo), estado, todas, content_type=tipo)


def _nuestro(error: ErrorDelBff) -> Response:
    if isinstance(error, Rechazado):
        return responder(error.estado, error.codigo, error.mensaje, error.mensaje, cabeceras=error.cabeceras)
    estado, titulo = next((estado, titulo) for clase, estado, titulo in _TABLA if isinstance(error, clase))
    cabeceras = {"Retry-After": "1"} if estado == 503 else {}
    detalles = error.detalles if isinstance(error, ParametrosInvalidos | DatosInvalidos) else None
    if isinstance(error, FallaDeServicio):
        registro = structlog.get_logger()
        registro.warning("falla_de_servicio", codigo=error.codigo, servicio=error.servicio, request_id=g.request_id)
    return responder(estado, error.codigo, titulo, error.mensaje, detalles=detalles, cabeceras=cabeceras)


def _de_http(error: HTTPException) -> Response:
    estado = error.code or 500
    codigo, mensaje = _HTTP.get(estado, (f"HTTP_{estado}", HTTPStatus(estado).phrase))
    cabeceras = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        cabeceras["Allow"] = ", ".join(sorted(error.valid_methods))
    if estado == 503:
        cabeceras["Retry-After"] = "1"
    if estado in (408, 413, 503):
        # The rest of the body stays unread, and the server will not take another request after it.
        cabeceras["Connection"] = "close"
    return responder(estado, codigo, mensaje, mensaje, cabeceras=cabeceras)


def _interno(error: Exception) -> Response:
    lineas = [f"{marco.filename}:{marco.lineno} {marco.name}" for marco in traceback.extract_tb(error.__traceback__)]
    structlog.get_logger().error("error_interno", tipo=type(error).__name__, lugar=lineas[-5:], request_id=g.request_id)
    rastro = {"trace": traceback.format_exception(error)} if current_app.debug else None
    mensaje = f"Algo falló al atender la petición {g.request_id}"
    return responder(500, "ERROR_INTERNO", "Error interno", mensaje, detalles=rastro)
