"""The event store of an application: the library's, which maps a stream or a save as one batch."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import EventStore, Notification, Recording
from eventsourcing.utils import get_topic

from gateway.eventos.mapper import MapperTipado

Eventos = Sequence[DomainEventProtocol[str]]


class AlmacenPorLotes(EventStore[str]):
    """Looks for the keys of persons once a batch, not once an event."""

    mapper: MapperTipado

    def grabar(self, eventos: Eventos, **adjuntos: Any) -> Sequence[int]:
        """Store events, and what comes along, in one transaction; return their positions.

        Raises as the recorder's ``insert_events``.
        """
        return self.recorder.insert_events(self.mapper.to_stored_events(cast(Any, eventos)), **adjuntos) or ()

    def put(self, domain_events: Eventos, **kwargs: Any) -> list[Recording[str]]:
        """As ``grabar``, in the library's form, without the bytes. No use case waits for it: see ``Almacen``."""
        posiciones = self.grabar(domain_events, **kwargs)
        return [
            Recording(
                evento,
                Notification(
                    evento.originator_id, evento.originator_version, get_topic(type(evento)), b"", id=posicion
                ),
            )
            for evento, posicion in zip(domain_events, posiciones, strict=True)
        ]

    def get(
        self,
        originator_id: str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Iterator[DomainEventProtocol[str]]:
        """The events of a stream, by version."""
        guardados = self.recorder.select_events(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        return iter(cast(Eventos, self.mapper.de_guardados(guardados)))
