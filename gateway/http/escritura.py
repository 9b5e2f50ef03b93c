"""Writing answers: UTF-8, exact numbers, times as the contract shows them."""

from datetime import UTC, datetime
from typing import Any

import msgspec

_ESCRITOR = msgspec.json.Encoder(decimal_format="number")


def a_json(valor: Any) -> bytes:
    """``valor`` as JSON; a Decimal becomes a number with the very digits it has."""
    return _ESCRITOR.encode(valor)


def fecha(instante: datetime) -> str:
    """A time as the core shows it: UTC, to the second, without suffix."""
    return instante.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()


def fecha_o_nada(instante: datetime | None) -> str | None:
    """The same, for a time that may be unknown."""
    return None if instante is None else fecha(instante)
