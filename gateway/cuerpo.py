"""Reading a JSON body strictly: exact numbers, no surprises that a store or a person would choke on."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from domain.base.errores import ReglaRota

CUERPO_MAXIMO = 1024 * 1024
LARGO_DE_NUMERO = 64
"""Longest number literal read: exact arithmetic on longer ones is a way to keep a server busy."""
HONDURA = 64
"""Objects and lists within one another, at most: who walks through a value later has only so much stack left."""


class CuerpoInvalido(ReglaRota):
    codigo = "CUERPO_INVALIDO"
    mensaje = "El cuerpo no es JSON válido"


def leer(crudo: bytes, hondura: int = HONDURA) -> dict[str, Any]:
    """The object that a body holds; fractions come as Decimal. Nothing at all is an empty object.

    Raises CuerpoInvalido, also where it nests deeper than ``hondura``; its message repeats nothing of the body.
    """
    if not crudo:
        return {}
    try:
        valor = _LECTOR.decode(crudo.decode())
        if b"\\u" in crudo or crudo.count(b"{") + crudo.count(b"[") > hondura:
            exigir_sano(valor, hondura)
    except (ValueError, ArithmeticError, RecursionError):
        raise CuerpoInvalido from None
    if not isinstance(valor, dict):
        raise CuerpoInvalido("El cuerpo debe ser un objeto JSON")
    return valor


def exigir_sano(valor: Any, hondura: int = HONDURA) -> None:
    """Raise CuerpoInvalido where ``valor`` nests deeper than ``hondura``, ValueError where it has no sane text.

    NUL and lone surrogates are JSON but no text that PostgreSQL or UTF-8 can hold.
    """
    match valor:
        case str():
            valor.encode()
            if "\0" in valor:
                raise ValueError
        case list() | dict() if not hondura:
            raise CuerpoInvalido("El cuerpo está demasiado anidado")
        case list():
            for uno in valor:
                exigir_sano(uno, hondura - 1)
        case dict():
            for clave, uno in valor.items():
                exigir_sano(clave)
                exigir_sano(uno, hondura - 1)


def _fraccion(texto: str) -> Decimal:
    if len(texto) > LARGO_DE_NUMERO:
        raise ValueError
    return Decimal(texto)


def _entero(texto: str) -> int:
    if len(texto) > LARGO_DE_NUMERO:
        raise ValueError
    return int(texto)


def _ninguna(constante: str) -> NoReturn:
    raise ValueError(constante)


def _sin_repetir(pares: list[tuple[str, Any]]) -> dict[str, Any]:
    objeto = dict(pares)
    if len(objeto) != len(pares):
        # Two amounts in one body: readers differ on which one counts, so none does.
        raise CuerpoInvalido("El cuerpo repite un campo")
    return objeto


_LECTOR = json.JSONDecoder(
    parse_float=_fraccion, parse_int=_entero, parse_constant=_ninguna, object_pairs_hook=_sin_repetir
)
