"""The contract as the world has it, and how to add to it.

``python -m tests.contratos.publicado`` writes down what is new. It changes no line that is there: what was once
published stays as it is.
"""

import json
from pathlib import Path
from typing import Any

from gateway.pulsar.contratos import ENVOLTURA, catalogo
from gateway.topics import MODULOS

ARCHIVO = Path(__file__).with_suffix(".json")
Publicado = dict[str, dict[str, str]]


def publicado() -> Publicado:
    """The list as it is checked in: each kind of message with its fields."""
    leido: Publicado = json.loads(ARCHIVO.read_text()) if ARCHIVO.exists() else {}
    return leido


def presente() -> Publicado:
    """The list as the contract is now."""
    tipos = {tipo: uno for modulo in MODULOS for tipo, uno in catalogo(modulo).items()}
    return {"(sobre)": describir(dict(ENVOLTURA))} | {tipo: describir(uno) for tipo, uno in sorted(tipos.items())}


def describir(registro: dict[str, Any]) -> dict[str, str]:
    """The fields of a record, each as one line."""
    personales = registro.get("personales", [])
    return {
        campo["name"]: ("personal " if campo["name"] in personales else "")
        + _tipo(campo["type"])
        + (f" = {json.dumps(campo['default'])}" if "default" in campo else "")
        for campo in registro["fields"]
    }


def faltas(antes: Publicado, ahora: Publicado) -> list[str]:
    """What a reader of ``antes`` would miss or misread in ``ahora``."""
    quejas = [f"{tipo}: ya no se cuenta" for tipo in antes if tipo not in ahora]
    for tipo, campos in antes.items():
        de_ahora = ahora.get(tipo, campos)
        quejas += [f"{tipo}.{campo}: cambió" for campo in campos if de_ahora.get(campo) != campos[campo]]
        quejas += [
            f"{tipo}.{campo}: se agregó sin valor por defecto"
            for campo in de_ahora
            if campo not in campos and " = " not in de_ahora[campo]
        ]
    return quejas


def _tipo(tipo: Any) -> str:
    match tipo:
        case list():
            return " | ".join(map(_tipo, tipo))
        case {"type": "array", "items": items}:
            return f"array[{_tipo(items)}]"
        case {"name": nombre}:
            return str(nombre)
        case _:
            return str(tipo)


if __name__ == "__main__":
    antes = publicado()
    nuevo = {tipo: campos | antes.get(tipo, {}) for tipo, campos in presente().items()}
    ARCHIVO.write_text(json.dumps(antes | nuevo, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
