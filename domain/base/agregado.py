"""What every aggregate and every stored event has in common."""

from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar, cast

from eventsourcing.domain import BaseAggregate, CanInitAggregate, CanMutateAggregate, MetaDomainEvent
from eventsourcing.utils import get_topic, resolve_topic

from domain.base.contexto import contexto
from domain.base.errores import NoEncontrado


class Personal:
    """Marks a field as personal: ``Annotated[str | None, Personal]``. Only the mapper knows the keys."""


class Evento(CanMutateAggregate[str], metaclass=MetaDomainEvent):
    """Something that happened and is kept for ever.

    ``TOPIC`` is the stored name, ``{Entity}{Participle}.v{N}``. ``SUJETO`` names the field that says whose
    personal data the event carries. ``OLVIDA`` destroys that person's key in the event's own transaction.
    """

    TOPIC: ClassVar[str]
    SUJETO: ClassVar[str] = "originator_id"
    OLVIDA: ClassVar[bool] = False

    originator_id: str
    originator_version: int
    timestamp: datetime
    correlation_id: str
    causation_id: str
    actor_tipo: str
    actor_id: str

    @property
    def actor(self) -> str:
        """Who acted: the kind and the name, or one word when they are the same."""
        return self.actor_id if self.actor_tipo == self.actor_id else f"{self.actor_tipo}:{self.actor_id}"


class EventoInicial(Evento, CanInitAggregate[str]):
    """The event that begins a stream: all that it tells of its own are arguments of its aggregate's ``__init__``."""

    originator_topic: str

    # The library's own finds out anew, for each of the two initialisers, which data are its arguments.
    def mutate(self, aggregate: Any) -> Any:
        clase = resolve_topic(self.originator_topic)
        agregado = clase.__new__(clase)
        agregado.__base_init__(self.originator_id, self.originator_version, self.timestamp)
        propios = {dato: valor for dato, valor in vars(self).items() if dato not in _DE_TODOS}
        agregado.__init__(id=self.originator_id, **propios)
        return agregado


_DE_TODOS = frozenset(dato.name for dato in fields(cast(Any, EventoInicial)))


class Agregado(BaseAggregate[str]):
    """A consistency boundary: public verbs decide, ``@event`` methods only assign.

    ``ausente`` is the error for a stream that does not exist. It has no annotation because the library makes
    a dataclass of every aggregate class that has one.
    """

    ausente = NoEncontrado

    class Event(Evento):
        pass

    # The library's own two copy and check for each event what never changes, which takes as long as the event.

    @classmethod
    def _create(cls, event_class: Any, *, id: str | None = None, **kwargs: Any) -> Any:
        primero = event_class(
            originator_topic=get_topic(cls), originator_id=id, originator_version=1, **_metadatos(), **kwargs
        )
        agregado = primero.mutate(None)
        agregado.pending_events.append(primero)
        return agregado

    def collect_events(self) -> list[Any]:
        """What it decided since. The library's own moves all the rest for each: seconds for 200,000."""
        decididos, self._pending_events = self._pending_events, []
        return decididos

    def trigger_event(self, event_class: Any, **kwargs: Any) -> None:
        siguiente = event_class(originator_id=self.id, originator_version=self.version + 1, **_metadatos(), **kwargs)
        siguiente.mutate(self)
        self.pending_events.append(siguiente)


def _metadatos() -> dict[str, Any]:
    """What every event tells beside its own. The time is an argument of the command, never read from a clock here."""
    actual = contexto()
    return {
        "timestamp": actual.ahora,
        "correlation_id": actual.correlation_id,
        "causation_id": actual.causation_id,
        "actor_tipo": actual.actor.tipo,
        "actor_id": actual.actor.id,
    }
