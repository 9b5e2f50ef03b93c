"""How a route is declared, read, served and documented, all in one go."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import flask_smorest  # type: ignore[import-untyped]
from flask import Flask, Response, current_app, request
from marshmallow import Schema

from bff.domain.exceptions import NoEncontrado
from bff.infrastructure.web.circunstancias import anotar_vista
from bff.infrastructure.web.errores import PROBLEMA
from bff.infrastructure.web.paginas import Paginas
from bff.infrastructure.web.posiciones import esperar_posicion
from bff.infrastructure.web.respuestas import JSON, Vista, escribir, responder
from bff.infrastructure.web.schemas.campos import Parametros
from bff.infrastructure.web.schemas.paginas import Error
from gateway.acceso.flask import quien

PREFIJO = "/api/v1"
NO_PERSONALES = ("page", "per_page", "sort_by", "sort_order", "type", "limit")
"""Parameters that tell which part of a list was looked at, and nothing that somebody typed."""
_TEXTO = {"type": "string"}
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
CABECERAS = {
    "X-Posicion-Minima": "Lista modulo:posicion que la página debe haber alcanzado",
    "If-None-Match": "El ETag que ya se tiene",
    "Idempotency-Key": "Repetir la orden con la misma clave da la primera respuesta",
}
SIN_CAMBIOS: dict[int, Any] = {304: {"description": "El cuerpo sigue siendo el de If-None-Match"}}
RECHAZOS = {
    400: "Los parámetros o los datos no son válidos",
    401: "No se sabe quién pide",
    403: "Quien pide no puede",
    404: "No existe",
    409: "La clave se usó con otro cuerpo",
    413: "El cuerpo pasa de 1 MiB",
    415: "El cuerpo no es JSON",
    429: "Demasiadas peticiones",
    502: "Un servicio no respondió como debía",
    503: "La página aún no alcanza esa posición",
    504: "Un servicio tardó demasiado",
}


class Rutas(flask_smorest.Blueprint):  # type: ignore[misc]
    """Routes of one kind of page."""

    def consulta(
        self,
        ruta: str,
        respuesta: Schema,
        parametros: Parametros,
        *,
        lecturas: tuple[str, ...],
        detalle: bool = False,
        personal: bool = False,
    ) -> Callable[[Callable[..., Vista]], Callable[..., Vista]]:
        """A page made from the read models ``lecturas``; the view gets what the query string says.

        A detail "as of" the past is asked of the core each time. ``personal``: it shows emails or cedulas.
        """

        def declarar(vista: Callable[..., Vista]) -> Callable[..., Vista]:
            dichas = SIN_CAMBIOS | _rechazos(400, 401, 403, *((404,) if detalle else ()), 429, 502, 503, 504)
            documentada = self.response(200, respuesta)(self._dicha(vista, dichas))
            documentada = self.arguments(parametros, location="query", error_status_code=400)(documentada)

            @wraps(documentada)
            def atender(**partes: str) -> Response:
                _exigir_ids(partes)
                dicho = parametros.leer(request.args)
                claro = quien().ve_datos_claros
                if personal and claro:
                    anotar_vista(ruta, partes | {que: dicho[que] for que in NO_PERSONALES if que in dicho})

                def hacer() -> Any:
                    return escribir(vista(dicho, **partes), claro=claro)

                if "como_de" in dicho:
                    return responder(hacer())
                al_dia = esperar_posicion(lecturas)
                return responder(paginas().servir(_clave(claro, dicho), lecturas, hacer, al_dia=al_dia))

            self.route(ruta, methods=["GET"], parameters=["X-Posicion-Minima", "If-None-Match"])(atender)
            return vista

        return declarar

    def sondeo(self, ruta: str, respuesta: Schema) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
        """What is asked to know whether all is well: never from memory."""

        def declarar(vista: Callable[[], Response]) -> Callable[[], Response]:
            documentada = self.response(200, respuesta)(vista)
            mal = {503: {"description": "Ningún servicio responde", "content": {JSON: {"schema": respuesta}}}}
            documentada = self.doc(responses=SIN_CAMBIOS | mal, operationId=self._nombre(vista))(documentada)

            @wraps(documentada)
            def atender() -> Response:
                return vista()

            self.route(ruta, methods=["GET"], parameters=["If-None-Match"])(atender)
            return vista

        return declarar

    def pagina(
        self, ruta: str, tipo: str, esquema: Schema | dict[str, str]
    ) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
        """What the BFF tells about itself, of this media type."""

        def declarar(vista: Callable[[], Response]) -> Callable[[], Response]:
            dicho = {200: {"description": "OK", "content": {tipo: {"schema": esquema}}}, **_rechazos(401, 403, 429)}
            self.route(ruta, methods=["GET"])(self.doc(responses=dicho, operationId=self._nombre(vista))(vista))
            return vista

        return declarar

    def orden(
        self, ruta: str, pedido: Schema | None, respuesta: Schema, estado: int
    ) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
        """A command, handed on to the core."""

        def declarar(vista: Callable[[], Response]) -> Callable[[], Response]:
            documentada = self.response(estado, respuesta)(vista)
            documentada = self.doc(
                responses=_rechazos(400, 401, 403, 409, 413, 415, 429, 502, 504), operationId=self._nombre(vista)
            )(documentada)
            if pedido is not None:
                documentada = self.arguments(pedido, error_status_code=400)(documentada)

            @wraps(documentada)
            def atender() -> Response:
                return vista()

            self.route(ruta, methods=["POST"], parameters=["Idempotency-Key"])(atender)
            return vista

        return declarar

    def _dicha(self, vista: Callable[..., Any], respuestas: dict[int, Any]) -> Any:
        return self.doc(responses=respuestas, operationId=self._nombre(vista))(vista)

    def _nombre(self, vista: Callable[..., Any]) -> str:
        """What a generated client calls the operation."""
        return f"{self.name}_{vista.__name__}"


def crear_plano(app: Flask) -> flask_smorest.Api:
    """The document that routes registered through it write themselves into."""
    app.config.update(
        API_TITLE="Alpes Partners: BFF", API_VERSION="1", OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None
    )
    plano = _Api(app)
    for nombre, dicho in CABECERAS.items():
        plano.spec.components.parameter(nombre, "header", {"description": dicho, "schema": _TEXTO})
    for codigo, dicho in RECHAZOS.items():
        contenido = {"application/json": {"schema": Error}, PROBLEMA: {"schema": {"type": "object"}}}
        plano.spec.components.response(f"Error{codigo}", {"description": dicho, "content": contenido})
    return plano


def paginas() -> Paginas:
    """The pages that this process has at hand."""
    hechas: Paginas = current_app.extensions["paginas"]
    return hechas


class _Api(flask_smorest.Api):  # type: ignore[misc]
    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = Error

    def _register_error_handlers(self) -> None:
        """Leave errors to our own table."""

    def _register_pagination_header(self) -> None:
        """Pages say where they stand in their body."""


def _exigir_ids(partes: Mapping[str, str]) -> None:
    """What can't be an id names nothing, and the database can't even be asked about some of it (NUL)."""
    if not all(map(_ID.fullmatch, partes.values())):
        raise NoEncontrado


def _clave(claro: bool, dicho: Mapping[str, Any]) -> str:
    """The same for requests that ask for the same page, however they put it, in every process."""
    partes = sorted((que, sorted(valor) if isinstance(valor, frozenset) else valor) for que, valor in dicho.items())
    return f"{request.path} {claro} {partes}"


def _rechazos(*codigos: int) -> dict[int, str]:
    return {codigo: f"Error{codigo}" for codigo in codigos}
