"""What the OpenAPI documents of both APIs say alike: headers of answers; examples, each of which is true (a test
replays them).
"""

from copy import deepcopy
from pathlib import Path
from typing import Any

import msgspec

JSON = "application/json"
METODOS = ("get", "post")
Documento = dict[str, Any]
_TEXTO = {"type": "string"}
_SEGUNDOS = {"type": "integer", "minimum": 1}
DADAS: dict[str, tuple[str, Documento]] = {
    "X-Posicion": (
        "modulo:posicion de la orden en su registro",
        {**_TEXTO, "pattern": "^(cliente|pagos|campanias):[0-9]+$"},
    ),
    "Idempotent-Replayed": ("Está cuando la orden ya se había hecho", {**_TEXTO, "enum": ["true"]}),
    "Location": ("Dónde leer el resultado", _TEXTO),
    "X-Version": ("Versión del agregado, para If-Match", {"type": "integer", "minimum": 1}),
    "ETag": ("Huella débil del cuerpo, para If-None-Match", _TEXTO),
    "X-Codigo-Error": ("Código estable del error", {**_TEXTO, "pattern": "^[A-Z][A-Z0-9_]*$"}),
    "Retry-After": ("Segundos que conviene esperar antes de volver a intentarlo", _SEGUNDOS),
    "WWW-Authenticate": ("Qué credencial hace falta, y qué le falta a la presentada (RFC 6750)", _TEXTO),
    "X-Request-Id": ("El de la petición, o uno nuevo", _TEXTO),
}
"""The headers that answers have."""
_DE_RECHAZO = {
    401: ("WWW-Authenticate",),
    403: ("WWW-Authenticate",),
    409: ("Retry-After",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


class Ejemplo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One request of a story told in order, and what it is answered.

    ``ruta`` is the pattern of the document, with its ``partes``. ``nombre`` is also the request's id in the story.
    ``varian`` names what another day would tell otherwise, at the top of the answer.
    """

    nombre: str
    resumen: str
    metodo: str
    ruta: str
    estado: int
    respuesta: Any
    partes: dict[str, str] = {}
    consulta: dict[str, str] = {}
    cuerpo: Any = None
    varian: tuple[str, ...] = ()


def dadas(*nombres: str) -> Documento:
    """These headers of an answer, and that of every answer, as a document tells them."""
    return {
        nombre: {"description": DADAS[nombre][0], "schema": DADAS[nombre][1]} for nombre in (*nombres, "X-Request-Id")
    }


def de_rechazo(codigo: int) -> Documento:
    """The headers of an error."""
    return dadas("X-Codigo-Error", *_DE_RECHAZO.get(codigo, ()))


def sin_cambios(*nombres: str) -> dict[int, Documento]:
    """The answer to who has this very body already."""
    return {304: {"description": "El cuerpo sigue siendo el de If-None-Match", "headers": dadas("ETag", *nombres)}}


def leer_ejemplos(archivo: Path) -> list[Ejemplo]:
    """The story that a file tells."""
    return msgspec.json.decode(archivo.read_bytes(), type=list[Ejemplo])


def ilustrar(documento: Documento, ejemplos: list[Ejemplo]) -> None:
    """Show each example at its operation: its body, its parameters, its answer. Those of other operations are left."""
    for ejemplo in ejemplos:
        de_ruta = documento["paths"].get(ejemplo.ruta, {})
        operacion = de_ruta.get(ejemplo.metodo.lower())
        if operacion is None:
            continue
        if ejemplo.estado < 400:
            # What is refused shows what comes back, and is no model for what to send.
            if ejemplo.cuerpo is not None:
                _mostrar(operacion["requestBody"]["content"], ejemplo, ejemplo.cuerpo)
            _decir_parametros([*de_ruta.get("parameters", []), *operacion.get("parameters", [])], ejemplo)
        respuestas = operacion["responses"]
        respuestas[str(ejemplo.estado)] = _propia(documento, respuestas[str(ejemplo.estado)])
        _mostrar(respuestas[str(ejemplo.estado)]["content"], ejemplo, ejemplo.respuesta)


def enlazar(documento: Documento, creacion: str, detalle: str, id: str) -> None:
    """Say of the command at ``creacion`` that its answer names, at ``id``, what is found below ``detalle``."""
    orden = documento["paths"].get(creacion, {}).get("post")
    if orden is None:
        return
    enlaces = {
        operacion["operationId"]: {
            "operationId": operacion["operationId"],
            "parameters": {"id": f"$response.body#{id}"},
        }
        for ruta, de_ruta in documento["paths"].items()
        if ruta.startswith(detalle)
        for metodo, operacion in de_ruta.items()
        if metodo in METODOS
    }
    for estado, respuesta in orden["responses"].items():
        if estado.startswith("2"):
            respuesta["links"] = enlaces


def _mostrar(contenido: Documento, ejemplo: Ejemplo, valor: Any) -> None:
    dichos = contenido[JSON].setdefault("examples", {})
    dichos[ejemplo.nombre] = {"summary": ejemplo.resumen, "value": valor}


def _decir_parametros(parametros: list[Documento], ejemplo: Ejemplo) -> None:
    dichos = {**ejemplo.partes, **ejemplo.consulta}
    for parametro in parametros:
        if parametro.get("name") in dichos:
            valor = _como(parametro["schema"].get("type"), dichos[parametro["name"]])
            parametro.setdefault("examples", {})[ejemplo.nombre] = {"summary": ejemplo.resumen, "value": valor}


def _como(tipo: object, dicho: str) -> Any:
    """What an address says, as a value of this type."""
    if tipo == "array":
        return dicho.split(",")
    return msgspec.json.decode(dicho) if tipo in ("integer", "number", "boolean") else dicho


def _propia(documento: Documento, respuesta: Documento) -> Documento:
    """A response that other operations don't share, so that an example of one is none of all."""
    referida = respuesta.get("$ref", "").rpartition("/")[2]
    return deepcopy(documento["components"]["responses"][referida] if referida else respuesta)
