"""Whether what an API answers is what its document says."""

from typing import Any

from werkzeug.test import TestResponse

from gateway.documento import DADAS

TIPOS: dict[str, type | tuple[type, ...]] = {
    "array": list, "boolean": bool, "integer": int, "number": (int, float), "string": str,
}  # fmt: skip


def exigir_dicho(documento: dict[str, Any], ruta: str, respuesta: TestResponse) -> None:
    """The document tells this status of the operation, its type of content, and each header of ours that it has."""
    operacion = documento["paths"][ruta][respuesta.request.method.lower()]
    assert str(respuesta.status_code) in operacion["responses"]
    dicha = operacion["responses"][str(respuesta.status_code)]
    comun = dicha.get("$ref", "").rpartition("/")[2]
    dicha = documento["components"]["responses"][comun] if comun else dicha
    assert {nombre for nombre in DADAS if nombre in respuesta.headers} <= dicha["headers"].keys()
    assert respuesta.mimetype in dicha["content"] if respuesta.data else "content" not in dicha


def operaciones(documento: dict[str, Any]) -> dict[str, str]:
    """The names by which generated clients call the operations, by kind."""
    nombres: dict[str, list[str]] = {}
    for de_ruta in documento["paths"].values():
        for metodo in ("get", "post"):
            if metodo in de_ruta:
                de, _, una = de_ruta[metodo]["operationId"].partition("_")
                nombres.setdefault(de, []).append(una)
    return {de: " ".join(sorted(unas)) for de, unas in nombres.items()}


def cuerpos_a_medias(documento: dict[str, Any]) -> list[str]:
    """The examples of a body to send that lack a field which their schema requires."""
    return [
        f"{ruta} {nombre}"
        for ruta, de_ruta in documento["paths"].items()
        for contenido in de_ruta.get("post", {}).get("requestBody", {}).get("content", {}).values()
        for nombre, ejemplo in contenido.get("examples", {}).items()
        if not ejemplo["value"].keys() >= set(_esquema(documento, contenido).get("required", []))
    ]


def _esquema(documento: dict[str, Any], contenido: dict[str, Any]) -> dict[str, Any]:
    esquema: dict[str, Any] = documento["components"]["schemas"][contenido["schema"]["$ref"].rpartition("/")[2]]
    return esquema


def ejemplos_de_otro_tipo(documento: dict[str, Any]) -> list[str]:
    """The parameters of which an example isn't what their schema says."""
    return [
        f"{ruta} {parametro['name']}: {ejemplo['value']!r}"
        for ruta, de_ruta in documento["paths"].items()
        for parte in (de_ruta, *(de_ruta[metodo] for metodo in ("get", "post") if metodo in de_ruta))
        for parametro in parte.get("parameters", [])
        for ejemplo in parametro.get("examples", {}).values()
        if not isinstance(ejemplo["value"], TIPOS[parametro["schema"]["type"]])
    ]
