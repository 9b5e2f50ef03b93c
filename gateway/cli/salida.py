"""What commands write for programs."""

import sys
from decimal import Decimal
from typing import Any

import msgspec


def escribir_json(valor: object) -> None:
    """``valor`` on standard output, as JSON that a person can read too; amounts with the very digits they have.

    An amount that JSON has no number for, as somebody may have written into a table by hand, is a text.
    """
    from gateway.http.escritura import a_json

    sys.stdout.buffer.write(msgspec.json.format(a_json(_decible(valor)), indent=2) + b"\n")
    sys.stdout.buffer.flush()


def _decible(valor: Any) -> Any:
    match valor:
        case Decimal() if not valor.is_finite():
            return str(valor)
        case dict():
            return {clave: _decible(uno) for clave, uno in valor.items()}
        case list() | tuple():
            return [_decible(uno) for uno in valor]
        case _:
            return valor
