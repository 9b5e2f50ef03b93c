"""Who asks, why and when: what surrounds a command and is stamped on each of its events."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``tipo`` is a kind ("system", "api", "reaccion"…), ``id`` names one of that kind."""

    tipo: str
    id: str


SISTEMA = Actor("system", "system")


@dataclass(frozen=True, slots=True)
class Contexto:
    """The circumstances of one command.

    ``ahora`` is the time of recording (aware, UTC). ``version_esperada`` refuses the command when the
    aggregate stands at another version. ``adjuntos`` goes to the recorder and is stored in the transaction
    of the events (a tracking position, an idempotency key). ``intento`` counts from 0 the times that this
    command was decided.
    """

    ahora: datetime
    actor: Actor = SISTEMA
    correlation_id: str = ""
    causation_id: str = ""
    version_esperada: int | None = None
    adjuntos: Mapping[str, Any] = field(default_factory=dict)
    intento: int = 0
    sello: dict[str, Any] = field(init=False, repr=False, compare=False)
    """What every event tells beside its own, made once: a command may decide several events."""

    def __post_init__(self) -> None:
        actor = {"actor_tipo": self.actor.tipo, "actor_id": self.actor.id}
        sello = {"correlation_id": self.correlation_id, "causation_id": self.causation_id, **actor}
        object.__setattr__(self, "sello", {"timestamp": self.ahora, **sello})


_actual: ContextVar[Contexto] = ContextVar("contexto")


def contexto() -> Contexto:
    """The context of the command under way. Raises LookupError outside of one."""
    return _actual.get()


@contextmanager
def en_contexto(nuevo: Contexto) -> Iterator[Contexto]:
    """Make ``nuevo`` the current context for the length of a ``with`` block."""
    marca = _actual.set(nuevo)
    try:
        yield nuevo
    finally:
        _actual.reset(marca)
