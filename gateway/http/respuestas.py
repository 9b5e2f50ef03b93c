"""The three kinds of answer: a command that was stored, a detail, and plain JSON."""

import hashlib
from typing import Any

from flask import Response, request
from werkzeug.datastructures import Headers

from gateway.http.escritura import a_json
from gateway.http.ordenes import Hecho

JSON = "application/json"


class _Dada(Response):
    """An answer whose headers leave as they were given; its status is never one that has no body.

    The library copies them one by one, and reads any Location as text that people wrote, which ours never is.
    """

    def get_wsgi_headers(self, environ: Any) -> Headers:
        return self.headers


def hecho(orden: Hecho, cuerpo: object | None = None, estado: int = 202, ubicacion: str | None = None) -> Response:
    """A command that was decided and stored. ``ubicacion`` is where the outcome can be read, below the API's root."""
    cabeceras = [("X-Posicion", f"{orden.modulo}:{orden.posicion}")]
    if orden.repetido:
        cabeceras.append(("Idempotent-Replayed", "true"))
    if ubicacion is not None:
        cabeceras.append(("Location", request.root_path + ubicacion))
    return _Dada(a_json({"id": orden.id} if cuerpo is None else cuerpo), estado, cabeceras, content_type=JSON)


def detalle(cuerpo: dict[str, Any], version: int) -> Response:
    """One thing as it is, with its aggregate's version; a 304 when the caller has this very body."""
    crudo = a_json(cuerpo)
    marca = hashlib.blake2b(crudo, digest_size=12).hexdigest()
    if request.if_none_match.contains_weak(marca):
        respuesta = Response(status=304)
    else:
        respuesta = Response(crudo, content_type=JSON)
    respuesta.headers["X-Version"] = str(version)
    respuesta.set_etag(marca, weak=True)
    return respuesta


def json(cuerpo: object, estado: int = 200) -> Response:
    """Anything else."""
    return Response(a_json(cuerpo), estado, content_type=JSON)
