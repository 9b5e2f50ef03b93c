"""What one append stores: events and whatever must share their transaction."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Any, cast

from eventsourcing.persistence import StoredEvent, Tracking

from gateway.eventos.avance import Avance
from gateway.eventos.buzon import Contados
from gateway.eventos.idempotencia import Clave


@dataclass(frozen=True)
class EventoConClave(StoredEvent):
    """A stored event that brings its person's new key along, or asks for the key to be destroyed.

    It carries them so that they share the transaction of the event, whichever way it reaches the recorder.
    """

    clave_nueva: tuple[str, bytes] | None = None
    """The person, and the key, wrapped."""
    olvida: str | None = None
    """The person to forget."""


@dataclass(slots=True)
class Escritura:
    """One append, as the recorder's statements take it."""

    eventos: Sequence[StoredEvent]
    tracking: Tracking | None = None
    idempotencia: Clave | None = None
    principal: tuple[str, int] | None = None
    buzon: Contados | None = None
    claves: dict[str, bytes] = field(default_factory=dict)
    olvidos: Set[str] = frozenset()

    @classmethod
    def de(
        cls,
        eventos: Sequence[StoredEvent],
        tracking: Tracking | None = None,
        idempotencia: Clave | None = None,
        principal: tuple[str, int] | None = None,
        buzon: Contados | None = None,
        **_: Any,
    ) -> "Escritura":
        """Gather an append from the recorder's arguments; others than these are not its business."""
        claves: dict[str, bytes] = {}
        olvidos: set[str] = set()
        for evento in eventos:
            if isinstance(evento, EventoConClave):
                if evento.olvida is not None:
                    olvidos.add(evento.olvida)
                if evento.clave_nueva is not None:
                    sujeto, clave = evento.clave_nueva
                    claves[sujeto] = clave
        for sujeto in olvidos:
            # A person met and forgotten at once never gets a key.
            claves.pop(sujeto, None)
        return cls(eventos, tracking, idempotencia, principal, buzon, claves, olvidos)

    @property
    def vacia(self) -> bool:
        return not self.eventos and not self._acompanada

    @property
    def partes(self) -> dict[str, bool]:
        """Which parts the statement needs besides the events."""
        return {
            "tracking": self.tracking is not None,
            "claves": bool(self.claves),
            "olvidos": bool(self.olvidos),
            "idempotencia": self.idempotencia is not None,
            "buzon": self.buzon is not None,
        }

    @property
    def es_simple(self) -> bool:
        """Whether there are events and at most the key of one new person."""
        return not self._acompanada and not self.olvidos and len(self.claves) <= 1

    @property
    def _acompanada(self) -> bool:
        return self.tracking is not None or self.idempotencia is not None or self.buzon is not None

    def valores(self) -> list[bytes]:
        """Parameters of the simple statement, in PostgreSQL's binary form: the key's columns, then each event's."""
        valores: list[bytes] = []
        for sujeto, clave in self.claves.items():
            valores += (sujeto.encode(), clave)
        for evento in self.eventos:
            flujo, version = cast(str, evento.originator_id), evento.originator_version
            valores += (flujo.encode(), version.to_bytes(8, signed=True), evento.topic.encode(), evento.state)
        return valores

    def lugares(self) -> tuple[list[Any], list[int]]:
        """Streams and versions of the events."""
        return [evento.originator_id for evento in self.eventos], [evento.originator_version for evento in self.eventos]

    def parametros(self) -> dict[str, Any]:
        """Parameters of the compound statement."""
        ids, versiones = self.lugares()
        parametros: dict[str, Any] = {
            "ids": ids,
            "versiones": versiones,
            "topics": [evento.topic for evento in self.eventos],
            "estados": [evento.state for evento in self.eventos],
            "sujetos": list(self.claves),
            "claves": list(self.claves.values()),
            "olvidos": list(self.olvidos),
        }
        if self.tracking is not None:
            parametros |= {"seguidor": self.tracking.application_name, "hasta": self.tracking.notification_id}
            parametros["desde"] = self.tracking.desde if isinstance(self.tracking, Avance) else None
        if self.idempotencia is not None:
            clave = self.idempotencia
            agregado, version = self.principal or (ids[-1], versiones[-1])
            parametros |= {"actor": clave.actor, "ruta": clave.ruta, "clave": clave.clave, "huella": clave.huella}
            parametros |= {"agregado": agregado, "version": version}
        if self.buzon is not None:
            parametros |= {"consumidor": self.buzon.consumidor, "mensajes": list(self.buzon.claves)}
        return parametros
