"""What a caller's request says beside its content, and what a service answered to a command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Peticion:
    """Headers that go on with whatever is asked in the caller's name: who asks, its ids, what it insists on."""

    cabeceras: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def repetible(self) -> bool:
        """Whether a command may be sent again without being done twice."""
        return any(nombre.lower() == "idempotency-key" for nombre in self.cabeceras)


@dataclass(frozen=True, slots=True)
class Aceptado:
    """A command that a service took: its answer, and the headers that the caller should have."""

    estado: int
    cuerpo: Mapping[str, Any]
    cabeceras: Mapping[str, str]
