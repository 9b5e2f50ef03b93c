"""An event store in memory, for the specifications of the applications.

Events travel through bytes as they do in the real store, and a forgotten person's data come back as None.
"""

import pickle
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast, get_type_hints

from eventsourcing.persistence import EventStore, InfrastructureFactory, Mapper, ProcessRecorder, StoredEvent
from eventsourcing.popo import POPOFactory, POPOProcessRecorder
from eventsourcing.utils import Environment, get_topic, resolve_topic

from domain.base.agregado import Personal


class RegistroEnMemoria(POPOProcessRecorder):
    """The library's own recorder, and what Aplicacion asks beyond it."""

    def ultima_posicion(self, originator_id: str) -> int:
        with self._database_lock:
            indices = self._stored_events_index.get(originator_id, {})
            return max(indices.values(), default=-1) + 1


class MapeadorEnMemoria(Mapper[str]):
    """Keeps events as pickles and forgets whom it is told to forget."""

    def __init__(self) -> None:
        self._olvidados: set[str] = set()

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        if domain_event.OLVIDA:
            self._olvidados.add(domain_event.originator_id)
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=get_topic(type(domain_event)),
            state=pickle.dumps(vars(domain_event)),
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        clase = resolve_topic(stored_event.topic)
        datos = pickle.loads(stored_event.state)  # noqa: S301  (these bytes were made by this very object)
        if stored_event.originator_id in self._olvidados:
            datos.update(dict.fromkeys(personales(clase)))
        evento = object.__new__(clase)
        vars(evento).update(datos)
        return evento


def personales(clase: type) -> list[str]:
    """The names of the personal fields of an event class."""
    tipos = get_type_hints(clase, include_extras=True)
    return [campo for campo, tipo in tipos.items() if Personal in getattr(tipo, "__metadata__", ())]


class AlmacenEnMemoria(EventStore[str]):
    def grabar(self, eventos: Sequence[Any], **adjuntos: Any) -> list[int]:
        return [grabado.notification.id for grabado in self.put(eventos, **adjuntos)]


class FabricaEnMemoria(POPOFactory):
    def event_store(self, mapper: Any = None, recorder: Any = None) -> EventStore[Any]:
        return cast(EventStore[Any], AlmacenEnMemoria(mapper, recorder))

    def mapper(self, *_: Any, **__: Any) -> Any:
        return MapeadorEnMemoria()

    def process_recorder(self) -> ProcessRecorder:
        return RegistroEnMemoria()


def en_memoria(entorno: Environment) -> InfrastructureFactory[Any]:
    """The ``fabrica`` of an application whose events live as long as the application."""
    return FabricaEnMemoria(entorno)


def reloj_parado(instante: datetime) -> Callable[[], datetime]:
    """The ``reloj`` of an application for which it is always the same time."""
    return lambda: instante


def huella_clara(proposito: str, valor: str) -> str:
    """A ``huella`` that can be read in a failing test."""
    return f"{proposito}={valor}"
