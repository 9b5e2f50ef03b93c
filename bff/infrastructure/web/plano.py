"""What the BFF's OpenAPI document says of every route alike: headers, and how one is refused."""

from typing import Any

import flask_smorest  # type: ignore[import-untyped]
from flask import Flask

from bff.infrastructure.web.errores import PROBLEMA
from bff.infrastructure.web.respuestas import JSON
from bff.infrastructure.web.schemas.paginas import Error, Problema
from gateway.documento import de_rechazo

_TEXTO = {"type": "string"}
PEDIDAS = {
    "X-Posicion-Minima": "Lista modulo:posicion que la página debe haber alcanzado",
    "If-None-Match": "El ETag que ya se tiene",
    "Idempotency-Key": "Repetir la orden con la misma clave da la primera respuesta",
    "If-Match": "La versión del agregado (X-Version) sobre la que se decide",
}
DE_ORDEN = ("X-Posicion", "Idempotent-Replayed")
RECHAZOS = {
    400: "Los parámetros o los datos no son válidos",
    401: "No se sabe quién pide",
    404: "No existe",
    408: "El cuerpo no terminó de llegar a tiempo",
    409: "La clave se usó con otro cuerpo",
    412: "El agregado está en otra versión",
    413: "El cuerpo pasa de 1 MiB",
    415: "El cuerpo no es JSON",
    500: "Error interno",
    502: "Un servicio no respondió como debía",
    503: "La página aún no alcanza esa posición, o hay demasiado a la espera",
    504: "Un servicio tardó demasiado",
}


def crear_plano(app: Flask) -> flask_smorest.Api:
    """The document that routes registered through it write themselves into."""
    app.config.update(
        API_TITLE="Alpes Partners: BFF", API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None
    )
    plano = _Api(app, spec_kwargs={"servers": [{"url": "/"}]})
    plano.ma_plugin.converter.add_parameter_attribute_function(_puede_ir_vacio)
    for nombre, dicho in PEDIDAS.items():
        plano.spec.components.parameter(nombre, "header", {"description": dicho, "schema": _TEXTO})
    for codigo, dicho in RECHAZOS.items():
        contenido = {JSON: {"schema": Error}, PROBLEMA: {"schema": Problema}}
        respuesta = {"description": dicho, "headers": de_rechazo(codigo), "content": contenido}
        plano.spec.components.response(f"Error{codigo}", respuesta)
    return plano


def _puede_ir_vacio(_: Any, __: Any, *, ret: dict[str, Any]) -> dict[str, bool]:
    """Of a parameter: one with nothing in it, as forms send it, is one that isn't there."""
    return {"allowEmptyValue": True} if ret["in"] == "query" and not ret["required"] else {}


class _Api(flask_smorest.Api):  # type: ignore[misc]
    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = Error

    def _register_error_handlers(self) -> None:
        """Leave errors to our own table."""

    def _register_pagination_header(self) -> None:
        """Pages say where they stand in their body."""
