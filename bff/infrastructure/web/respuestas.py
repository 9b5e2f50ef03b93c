"""Writing pages: UTF-8, exact numbers, times in UTC with ``Z``; an empty part that need not be said is left out."""

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from flask import Response, request

from gateway.acceso.mascara import enmascarar

JSON = "application/json"
REVALIDAR = "private, no-cache"
"""A browser may keep a page, and asks each time whether it still is the page."""
_ESCRITOR = msgspec.json.Encoder(decimal_format="number")


@dataclass(frozen=True, slots=True)
class Hecha:
    """A page, written. ``version`` is the aggregate's, of a detail. ``entera``: none of its parts is missing."""

    cuerpo: bytes
    etag: str
    version: int | None = None
    entera: bool = True


@dataclass(frozen=True, slots=True)
class Vista:
    """What a view shows: ``cuerpo`` is a model, or a dictionary of them."""

    cuerpo: Any
    version: int | None = None
    entera: bool = True


def a_json(valor: Any) -> bytes:
    """``valor`` as JSON; a Decimal becomes a number with the very digits it has."""
    return _ESCRITOR.encode(valor)


def escribir(vista: Vista, *, claro: bool) -> Hecha:
    """Write a page; unless ``claro``, with cedula and email masked."""
    cuerpo = vista.cuerpo
    if not claro:
        cuerpo = enmascarar(msgspec.to_builtins(cuerpo, builtin_types=(Decimal, datetime)))
    crudo = a_json(cuerpo)
    return Hecha(crudo, hashlib.blake2b(crudo, digest_size=12).hexdigest(), vista.version, vista.entera)


def responder(hecha: Hecha) -> Response:
    """A page, or a 304 when the caller has this very one."""
    if request.if_none_match.contains_weak(hecha.etag):
        respuesta = Response(status=304)
    else:
        respuesta = Response(hecha.cuerpo, content_type=JSON)
    respuesta.set_etag(hecha.etag, weak=True)
    respuesta.headers["Cache-Control"] = REVALIDAR
    if hecha.version is not None:
        respuesta.headers["X-Version"] = str(hecha.version)
    return respuesta


def condicional(respuesta: Response) -> Response:
    """An answer that is no page of the read side, or a 304 when the caller has this very one."""
    respuesta.add_etag(weak=True)
    respuesta.headers["Cache-Control"] = REVALIDAR
    respuesta.make_conditional(request)
    return respuesta


def json(cuerpo: Any, estado: int = 200, cabeceras: dict[str, str] | None = None) -> Response:
    """Anything else."""
    return Response(a_json(cuerpo), estado, cabeceras, content_type=JSON)


def sin_vacios(modelo: Any, *nombres: str) -> dict[str, Any]:
    """The fields of a model, without those of ``nombres`` that say nothing."""
    partes = {campo.name: getattr(modelo, campo.name) for campo in fields(modelo)}
    return {nombre: valor for nombre, valor in partes.items() if nombre not in nombres or valor}
