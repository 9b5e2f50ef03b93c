"""What commands write for programs."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def aunque_nadie_lea() -> Iterator[None]:
    """Write within a ``with`` block for whom it may concern: what comes after it is done when nobody reads any more."""
    try:
        yield
    except BrokenPipeError:
        callar()


def callar() -> None:
    """Let what is left in the buffer, and what is still to be written, go nowhere: who was reading is gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
