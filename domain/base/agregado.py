"""What every aggregate and every stored event has in common."""

from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar, cast

from eventsourcing.domain import BaseAggregate, CanInitAggregate, CanMutateAggregate, MetaAggregate, MetaDomainEvent
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

    def mutate(self, aggregate: Any) -> Any:
        propios = {dato: valor for dato, valor in vars(self).items() if dato not in _DE_TODOS}
        return resolve_topic(self.originator_topic)._comenzado_con(self, propios)


_DE_TODOS = frozenset(dato.name for dato in fields(cast(Any, EventoInicial)))


class _Clase(MetaAggregate[Any]):
    _inicial: Any

    # The library's own sorts the arguments first; they come by name, and the event refuses a wrong one.
    def __call__(self, **datos: Any) -> Any:
        return self._create(self._inicial, **datos)


class Agregado(BaseAggregate[str], metaclass=_Clase):
    """A consistency boundary: public verbs decide, ``@event`` methods only assign.

    ``ausente`` is the error for a stream that does not exist. It has no annotation because the library makes
    a dataclass of every aggregate class that has one.
    """

    ausente = NoEncontrado

    class Event(Evento):
        pass

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        clases = (uno for uno in vars(cls).values() if isinstance(uno, type))
        cls._inicial = next((clase for clase in clases if issubclass(clase, EventoInicial)), None)

    # The library's own ways to begin and to go on copy and check for each event what never changes, which takes as long
    # as the event.

    @classmethod
    def _create(cls, event_class: Any, *, id: str | None = None, **kwargs: Any) -> Any:
        primero = event_class(
            originator_topic=get_topic(cls), originator_id=id, originator_version=1, **contexto().sello, **kwargs
        )
        agregado = cls._comenzado_con(primero, kwargs)
        agregado.pending_events.append(primero)
        return agregado

    @classmethod
    def _comenzado_con(cls, primero: EventoInicial, propios: dict[str, Any]) -> Any:
        agregado = cls.__new__(cls)
        agregado.__base_init__(primero.originator_id, primero.originator_version, primero.timestamp)
        agregado.__init__(id=primero.originator_id, **propios)  # type: ignore[misc]
        return agregado

    def collect_events(self) -> list[Any]:
        """What it decided since. The library's own moves all the rest for each: seconds for 200,000."""
        decididos, self._pending_events = self._pending_events, []
        return decididos

    def trigger_event(self, event_class: Any, **kwargs: Any) -> None:
        siguiente = event_class(
            originator_id=self.id, originator_version=self.version + 1, **contexto().sello, **kwargs
        )
        siguiente.mutate(self)
        self.pending_events.append(siguiente)
