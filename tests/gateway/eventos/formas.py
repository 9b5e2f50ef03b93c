"""The checked-in list of stored names and field shapes, and how to add to it.

``python -m tests.gateway.eventos.formas`` writes the names that are new. It changes no line that is there: a shape
that was ever stored stays as it is, and a changed class gets a new version.
"""

import json
import types
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from gateway.eventos.nombres import Forma, Nombres

ARCHIVO = Path(__file__).with_suffix(".json")


def guardadas() -> dict[str, dict[str, str]]:
    """The list as it is checked in."""
    leidas: dict[str, dict[str, str]] = json.loads(ARCHIVO.read_text()) if ARCHIVO.exists() else {}
    return leidas


def presentes() -> dict[str, dict[str, str]]:
    """The list as the classes are now."""
    return {topic: describir(forma) for topic, forma in sorted(Nombres().formas.items())}


def describir(forma: Forma) -> dict[str, str]:
    """What stands in the bytes of an event: its fields, whose person they speak of, and of which aggregate it is."""
    descrita = {"(agregado)": forma.agregado}
    if forma.personales:
        descrita["(sujeto)"] = forma.clase.SUJETO
    if forma.clase.OLVIDA:
        descrita["(olvida)"] = forma.clase.SUJETO
    return descrita | {campo: _tipo(tipo) for campo, tipo in sorted(forma.campos.items())}


def _tipo(tipo: Any) -> str:
    origen, argumentos = get_origin(tipo), get_args(tipo)
    if origen is Annotated:
        return f"personal {_tipo(argumentos[0])}"
    if origen in (Union, types.UnionType):
        return " | ".join(sorted(map(_tipo, argumentos)))
    if origen is not None:
        return f"{origen.__name__}[{', '.join('...' if uno is ... else _tipo(uno) for uno in argumentos)}]"
    if is_dataclass(tipo):
        tipos = get_type_hints(tipo)
        return f"{{{', '.join(f'{campo.name}: {_tipo(tipos[campo.name])}' for campo in fields(tipo))}}}"
    return str(getattr(tipo, "__name__", tipo)).replace("NoneType", "None")


if __name__ == "__main__":
    ARCHIVO.write_text(json.dumps(presentes() | guardadas(), indent=1, ensure_ascii=False, sort_keys=True) + "\n")
