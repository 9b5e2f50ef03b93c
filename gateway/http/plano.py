"""The API's plan: how a route is declared, read and documented, all in one go (OpenAPI 3.1)."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import flask_smorest  # type: ignore[import-untyped]
from flask import Flask, Response
from flask.globals import request_ctx
from marshmallow import Schema

from domain.base.texto import es_identificador
from gateway.cuerpo import leer
from gateway.documento import dadas, de_rechazo, sin_cambios
from gateway.entrada import leer_crudo
from gateway.http.errores import PROBLEMA
from gateway.http.esquemas.campos import INSTANTE, Pedido
from gateway.http.esquemas.comun import Error, ErrorInterno, Mensaje, Problema
from gateway.http.respuestas import JSON

Vista = Callable[..., Response]

_TEXTO = {"type": "string"}
_POSICIONES = "^(cliente|pagos|campanias):[0-9]{1,18}(,(cliente|pagos|campanias):[0-9]{1,18})*$"
_CABECERAS_PEDIDAS = {
    "Idempotency-Key": (
        "Repetir la orden con la misma clave da la primera respuesta",
        {**_TEXTO, "pattern": "^[!-~]{1,255}$"},
    ),
    "If-Match": (
        "La versión del agregado (X-Version) sobre la que se decide",
        {**_TEXTO, "pattern": r'^(\*|"?[0-9]{1,18}"?)$'},
    ),
    "If-None-Match": ("El ETag que ya se tiene", _TEXTO),
    "X-Posicion-Minima": (
        "Lista modulo:posicion que la consulta debe haber alcanzado",
        {**_TEXTO, "pattern": _POSICIONES},
    ),
}
_RECHAZOS = {
    400: "Una regla no se cumple, o el cuerpo no se puede leer",
    401: "Sin credenciales solo se atiende a esta máquina",
    404: "No existe",
    408: "El cuerpo no terminó de llegar a tiempo",
    409: "El estado no admite la orden, o la clave se usó con otro cuerpo",
    412: "El agregado está en otra versión",
    413: "El cuerpo pasa de 1 MiB",
    415: "El cuerpo no es JSON",
    503: "El almacén no responde, o la consulta no alcanza la posición",
}
_INTERNO = "Error interno, o un evento guardado que no se puede leer (EVENTO_ILEGIBLE), y cuál"
COMO_DE = {
    "name": "como_de",
    "in": "query",
    "description": "Instante de registro ISO 8601: lo que se sabía entonces",
    "schema": {**_TEXTO, "pattern": INSTANTE},
}
_DE_ORDEN = (400, 401, 404, 408, 409, 412, 413, 415, 500, 503)


class Rutas(flask_smorest.Blueprint):  # type: ignore[misc]
    """Routes of one module."""

    def orden(
        self, ruta: str, pedido: Pedido, respuesta: Schema, estado: int = 202, *, cabeceras: tuple[str, ...] = ()
    ) -> Callable[[Vista], Vista]:
        """A command: the view gets the body that ``pedido`` read, then the parts of the address.

        ``cabeceras`` are those that its answer has beside the usual ones.
        """

        def declarar(vista: Vista) -> Vista:
            dichas = dadas("X-Posicion", "Idempotent-Replayed", *cabeceras)
            documentada = self.response(estado, respuesta, headers=dichas)(vista)
            documentada = self.doc(responses=_rechazos(*_DE_ORDEN), operationId=self._nombre(vista))(documentada)
            requerido = any(campo.required for campo in pedido.fields.values())
            documentada = self.arguments(pedido, required=requerido, error_status_code=400)(documentada)

            # The library's decorators described the view; a command need not pass through them too.
            @wraps(documentada)
            def atender(**partes: str) -> Response:
                # What can't be an id names no stream, and the store can't even be asked about some of it (NUL).
                posibles = {parte: dicho if es_identificador(dicho) else "" for parte, dicho in partes.items()}
                return vista(pedido.leer(leer(leer_crudo(request_ctx.request))), **posibles)

            self.route(ruta, methods=["POST"], parameters=["Idempotency-Key", "If-Match"])(atender)
            return vista

        return declarar

    def consulta(
        self,
        ruta: str,
        respuesta: Schema,
        *,
        cabeceras: tuple[str, ...] = (),
        parametros: Mapping[str, Mapping[str, Any]] | None = None,
        rechazos: tuple[int, ...] = (401, 500, 503),
        otras: Mapping[int, Any] | None = None,
    ) -> Callable[[Vista], Vista]:
        """A query. ``parametros`` are those of its query string, ``otras`` more of its answers, as OpenAPI has them."""
        en_la_url = [{"name": nombre, "in": "query", **dicho} for nombre, dicho in (parametros or {}).items()]

        def declarar(vista: Vista) -> Vista:
            dichas = {**_rechazos(*rechazos), **(otras or {})}
            documentada = self.response(200, respuesta, headers=dadas())(vista)
            documentada = self.doc(responses=dichas, operationId=self._nombre(vista))(documentada)
            self.route(ruta, methods=["GET"], parameters=[*cabeceras, *en_la_url])(documentada)
            return vista

        return declarar

    def detalle(
        self, ruta: str, respuesta: Schema, mensaje: str = "Error", *, parametros: tuple[dict[str, Any], ...] = ()
    ) -> Callable[[Vista], Vista]:
        """The query of one thing. ``mensaje`` names the response that tells its errors."""
        pedidos = ["X-Posicion-Minima", "If-None-Match", COMO_DE, *parametros]

        def declarar(vista: Vista) -> Vista:
            documentada = self.response(200, respuesta, headers=dadas("X-Version", "ETag"))(vista)
            dichas = {**_rechazos(400, 401, 404, 500, 503, mensaje=mensaje), **sin_cambios("X-Version")}
            documentada = self.doc(responses=dichas, operationId=self._nombre(vista))(documentada)
            self.route(ruta, methods=["GET"], parameters=pedidos)(documentada)
            return vista

        return declarar

    def pagina(self, ruta: str, descripcion: str, tipo: str) -> Callable[[Vista], Vista]:
        """Something to look at, of this media type, whose shape is not ours to describe."""

        def declarar(vista: Vista) -> Vista:
            contenido = {tipo: {"schema": {"type": "object"} if tipo == JSON else _TEXTO}}
            bien = {"description": descripcion, "headers": dadas(), "content": contenido}
            dicho = {200: bien, **_rechazos(401, 500, 503)}
            self.route(ruta, methods=["GET"])(self.doc(responses=dicho, operationId=self._nombre(vista))(vista))
            return vista

        return declarar

    def _nombre(self, vista: Vista) -> str:
        """What a generated client calls the operation."""
        return f"{self.name}_{vista.__name__}"


def crear_plano(app: Flask) -> flask_smorest.Api:
    """The document that routes registered through it write themselves into."""
    app.config.update(API_TITLE="Alpes Partners", API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
    plano = _Api(app, spec_kwargs={"servers": [{"url": "/"}, {"url": "/v1"}]})
    for nombre, (descripcion, forma) in _CABECERAS_PEDIDAS.items():
        plano.spec.components.parameter(nombre, "header", {"description": descripcion, "schema": forma})
    for clave, esquema in (("Error", Error), ("Mensaje", Mensaje)):
        for codigo, dicho in _RECHAZOS.items():
            plano.spec.components.response(f"{clave}{codigo}", _respuesta(codigo, dicho, esquema))
        plano.spec.components.response(f"{clave}500", _respuesta(500, _INTERNO, ErrorInterno))
    return plano


class _Api(flask_smorest.Api):  # type: ignore[misc]
    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = Error

    def _register_error_handlers(self) -> None:
        """Leave errors to our own table."""

    def _register_pagination_header(self) -> None:
        """There are no pages here."""


def _respuesta(codigo: int, dicho: str, esquema: type[Schema]) -> dict[str, Any]:
    return {
        "description": dicho,
        "headers": de_rechazo(codigo),
        "content": {"application/json": {"schema": esquema}, PROBLEMA: {"schema": Problema}},
    }


def _rechazos(*codigos: int, mensaje: str = "Error") -> dict[int, str]:
    return {codigo: f"{mensaje}{codigo}" for codigo in codigos}
