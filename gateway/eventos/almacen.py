"""The event store of an application: the library's, which maps a stream or a save as one batch."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import EventStore, Notification, Recording

from gateway.eventos.mapper import MapperTipado

Eventos = Sequence[DomainEventProtocol[str]]


class AlmacenPorLotes(EventStore[str]):
    """Looks for the keys of persons once a batch, not once an event."""

    mapper: MapperTipado

    def put(self, domain_events: Eventos, **kwargs: Any) -> list[Recording[str]]:
        """Store events, and what comes along, in one transaction. Raises as the recorder's ``insert_events``."""
        guardados = self.mapper.to_stored_events(cast(Any, domain_events))
        posiciones = self.recorder.insert_events(guardados, **kwargs) or ()
        return [
            Recording(
                evento,
                Notification(
                    guardado.originator_id, guardado.originator_version, guardado.topic, guardado.state, id=posicion
                ),
            )
            for evento, guardado, posicion in zip(domain_events, guardados, posiciones, strict=True)
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
