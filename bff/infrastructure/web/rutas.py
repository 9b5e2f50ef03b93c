"""How a route is declared, read, served and documented, all in one go."""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import flask_smorest  # type: ignore[import-untyped]
from flask import Response, current_app, request
from marshmallow import Schema

from bff.domain.exceptions import NoEncontrado
from bff.infrastructure.web.circunstancias import anotar_vista
from bff.infrastructure.web.paginas import Paginas
from bff.infrastructure.web.plano import DE_ORDEN
from bff.infrastructure.web.posiciones import esperar_posicion
from bff.infrastructure.web.respuestas import JSON, Vista, condicional, escribir, responder
from bff.infrastructure.web.schemas.campos import Parametros
from gateway.acceso.flask import quien
from gateway.documento import dadas, sin_cambios

PREFIJO = "/api/v1"
NO_PERSONALES = ("page", "per_page", "sort_by", "sort_order", "type", "limit")
"""Parameters that tell which part of a list was looked at, and nothing that somebody typed."""
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


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
            dichas, cabeceras = _de_pagina(detalle=detalle)
            dichos = [{"in": "query", "schema": parametros}, "X-Posicion-Minima", "If-None-Match"]
            documentada = self.response(200, respuesta, headers=cabeceras)(self._dicha(vista, dichas, dichos))

            @wraps(documentada)
            def atender(**partes: str) -> Response:
                _exigir_ids(partes)
                dicho = parametros.leer(request.args)
                claro = quien().ve_datos_claros
                if personal and claro:
                    anotar_vista(ruta, partes | {que: dicho[que] for que in NO_PERSONALES if que in dicho})

                def hacer() -> Any:
                    return escribir(vista(dicho, **partes), claro=claro)

                al_dia = esperar_posicion(lecturas)
                if "como_de" in dicho:
                    return responder(hacer())
                return responder(paginas().servir(_clave(claro, dicho), lecturas, hacer, al_dia=al_dia))

            self.route(ruta, methods=["GET"])(atender)
            return vista

        return declarar

    def sondeo(self, ruta: str, respuesta: Schema) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
        """What is asked to know whether all is well: never from memory."""

        def declarar(vista: Callable[[], Response]) -> Callable[[], Response]:
            documentada = self.response(200, respuesta, headers=dadas("ETag"))(vista)
            contenido = {JSON: {"schema": respuesta}}
            mal = {503: {"description": "Ningún servicio responde", "headers": dadas(), "content": contenido}}
            dichas = sin_cambios() | _rechazos(401, 500, 504) | mal
            documentada = self.doc(responses=dichas, operationId=self._nombre(vista))(documentada)

            @wraps(documentada)
            def atender() -> Response:
                return vista()

            self.route(ruta, methods=["GET"], parameters=["If-None-Match"])(atender)
            return vista

        return declarar

    def pagina(
        self, ruta: str, tipos: Mapping[str, Schema | dict[str, str]]
    ) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
        """What the BFF tells about itself, in each of these media types."""
        contenido = {tipo: {"schema": esquema} for tipo, esquema in tipos.items()}
        bien = {"description": "OK", "headers": dadas("ETag"), "content": contenido}
        dicho = {200: bien, **sin_cambios(), **_rechazos(401, 500, 503)}

        def declarar(vista: Callable[[], Response]) -> Callable[[], Response]:
            documentada = self.doc(responses=dicho, operationId=self._nombre(vista))(vista)

            @wraps(documentada)
            def atender() -> Response:
                return condicional(vista())

            self.route(ruta, methods=["GET"], parameters=["If-None-Match"])(atender)
            return vista

        return declarar

    def orden(
        self, ruta: str, pedido: Schema, respuesta: Schema, estado: int, *, cabeceras: tuple[str, ...] = ()
    ) -> Callable[[Callable[[], Response]], Callable[[], Response]]:
        """A command, handed on to the core. ``cabeceras`` are those that its answer has beside the usual ones."""

        def declarar(vista: Callable[[], Response]) -> Callable[[], Response]:
            documentada = self.response(estado, respuesta, headers=dadas(*DE_ORDEN, *cabeceras))(vista)
            dichas = _rechazos(400, 401, 408, 409, 412, 413, 415, 500, 502, 503, 504)
            documentada = self._dicha(documentada, dichas, ["Idempotency-Key", "If-Match"])
            documentada = self.arguments(pedido, error_status_code=400)(documentada)

            @wraps(documentada)
            def atender() -> Response:
                return vista()

            self.route(ruta, methods=["POST"])(atender)
            return vista

        return declarar

    def _dicha(self, vista: Callable[..., Any], respuestas: dict[int, Any], parametros: list[Any]) -> Any:
        # At the operation, not at its path: a list and a command share one.
        return self.doc(responses=respuestas, parameters=parametros, operationId=self._nombre(vista))(vista)

    def _nombre(self, vista: Callable[..., Any]) -> str:
        """What a generated client calls the operation."""
        return f"{self.name}_{vista.__name__}"


def paginas() -> Paginas:
    """The pages that this process has at hand."""
    hechas: Paginas = current_app.extensions["paginas"]
    return hechas


def _exigir_ids(partes: Mapping[str, str]) -> None:
    """What can't be an id names nothing, and the database can't even be asked about some of it (NUL)."""
    if not all(map(_ID.fullmatch, partes.values())):
        raise NoEncontrado


def _clave(claro: bool, dicho: Mapping[str, Any]) -> str:
    """The same for requests that ask for the same page, however they put it, in every process."""
    partes = sorted((que, sorted(valor) if isinstance(valor, frozenset) else valor) for que, valor in dicho.items())
    return f"{request.path} {claro} {partes}"


def _de_pagina(*, detalle: bool) -> tuple[dict[int, Any], dict[str, Any]]:
    """What a page may be answered with beside itself, and the headers that it has."""
    version = ("X-Version",) if detalle else ()
    rechazos = _rechazos(400, 401, *((404,) if detalle else ()), 500, 502, 503, 504)
    return rechazos | sin_cambios(*version), dadas("ETag", *version)


def _rechazos(*codigos: int) -> dict[int, str]:
    return {codigo: f"Error{codigo}" for codigo in codigos}
