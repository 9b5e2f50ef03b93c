"""Reading a JSON body strictly: exact numbers, no surprises that a store or a person would choke on."""

import json
from decimal import Decimal
from typing import Any, NoReturn

from domain.base.errores import ReglaRota

CUERPO_MAXIMO = 1024 * 1024
LARGO_DE_NUMERO = 64
"""Longest number literal read: exact arithmetic on longer ones is a way to keep a server busy."""


class CuerpoInvalido(ReglaRota):
    codigo = "CUERPO_INVALIDO"
    mensaje = "El cuerpo no es JSON válido"


def leer(crudo: bytes) -> dict[str, Any]:
    """The object that a body holds; fractions come as Decimal. Nothing at all is an empty object.

    Raises CuerpoInvalido, whose message repeats nothing of the body.
    """
    if not crudo:
        return {}
    try:
        valor = _LECTOR.decode(crudo.decode())
        if b"\\u" in crudo:
            _exigir_textos_sanos(valor)
    except (ValueError, ArithmeticError, RecursionError):
        raise CuerpoInvalido from None
    if not isinstance(valor, dict):
        raise CuerpoInvalido("El cuerpo debe ser un objeto JSON")
    return valor


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


def _exigir_textos_sanos(valor: Any) -> None:
    """NUL and lone surrogates are JSON but no text that PostgreSQL or UTF-8 can hold."""
    match valor:
        case str():
            valor.encode()
            if "\0" in valor:
                raise ValueError
        case list():
            for uno in valor:
                _exigir_textos_sanos(uno)
        case dict():
            for clave, uno in valor.items():
                _exigir_textos_sanos(clave)
                _exigir_textos_sanos(uno)


_LECTOR = json.JSONDecoder(
    parse_float=_fraccion, parse_int=_entero, parse_constant=_ninguna, object_pairs_hook=_sin_repetir
)
