"""What happened, and how the services do: what the three twins share."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from bff.domain.exceptions import ServicioRoto
from bff.domain.models.auditoria import Auditoria, Hecho, contar
from bff.domain.models.health import ServiceHealth
from bff.domain.models.pagina import Pagina
from domain.base.agregado import Agregado, Evento
from domain.campanias.agregado import Campania
from domain.cliente.agregado import Cliente
from domain.pagos.agregado import Payout
from projections.busqueda.plegado import plegar
from projections.event_store.carga import carga

T = TypeVar("T")


@dataclass
class Hechos:
    """The aggregates of each module by id, and their events. ``caidos`` and ``lentos`` name services that fail."""

    clientes: dict[str, Cliente] = field(default_factory=dict)
    pagos: dict[str, Payout] = field(default_factory=dict)
    campanias: dict[str, Campania] = field(default_factory=dict)
    eventos: dict[str, list[Evento]] = field(default_factory=dict)
    caidos: set[str] = field(default_factory=set)
    colgados: set[str] = field(default_factory=set)
    por_llegar: set[str] = field(default_factory=set)
    """Ids that were accepted and can't be seen yet."""
    encuentro: asyncio.Barrier | None = None
    """Where services wait for one another before they answer."""

    def ocurre(self, modulo: str, *agregados: Agregado) -> None:
        """What the aggregates decided."""
        for agregado in agregados:
            getattr(self, modulo)[agregado.id] = agregado
            suyos = self.eventos.setdefault(agregado.id, [])
            suyos.extend(cast(Evento, evento) for evento in agregado.collect_events())

    async def responder(self, servicio: str) -> None:
        """A service answers, unless it is down or hangs."""
        if servicio in self.colgados:
            await asyncio.Event().wait()
        if servicio in self.caidos:
            raise ServicioRoto(servicio)
        if self.encuentro is not None:
            await self.encuentro.wait()

    def salud(self, servicio: str) -> ServiceHealth:
        return ServiceHealth.de(3, falla="El servicio no responde" if servicio in self.caidos else None)

    def auditoria(self, id: str) -> Auditoria:
        return contar(Hecho(uno.originator_version, uno.TOPIC, uno.timestamp, carga(uno)) for uno in self.eventos[id])

    def creado(self, payout: Payout) -> datetime:
        """Its fecha_creacion."""
        primero = cast(Any, self.eventos[payout.id][0])
        return cast(datetime, primero.processed_at or primero.timestamp)

    def duenio(self, payout: Payout) -> str:
        """Whose payment it is: told with it, else its campaign's client, else its partner."""
        campania = self.campanias.get(payout.campania or "")
        return payout.cliente_id or (campania.cliente_id if campania else payout.partner_id)

    def de_cliente(self, id: str) -> list[Payout]:
        return self.por_novedad(uno for uno in self.pagos.values() if self.duenio(uno) == id)

    def por_novedad(self, pagos: Iterable[Payout]) -> list[Payout]:
        """The newest first, ties by id falling."""
        return sorted(pagos, key=lambda uno: (self.creado(uno), uno.id), reverse=True)


def pagina_de(filas: list[T], pagina: Pagina) -> list[T]:
    """The rows of one page."""
    return filas[(pagina.page - 1) * pagina.per_page : pagina.page * pagina.per_page]


def relevancia(q: str, *textos: str) -> float:
    """How well texts answer a needle; 0 when none holds it."""
    aguja, plegados = plegar(q), [plegar(texto) for texto in textos]
    if not aguja or not any(aguja in texto for texto in plegados):
        return 0.0
    if aguja in plegados:
        return 1.0
    return 0.7 if any(texto.startswith(aguja) for texto in plegados) else 0.4


def mejores(filas: list[T], nota: Callable[[T], float], limite: int) -> tuple[int, list[tuple[T, float]]]:
    """How many match, and the most relevant of what comes in order of novelty."""
    halladas = [(fila, nota(fila)) for fila in filas if nota(fila) > 0]
    return len(halladas), sorted(halladas, key=lambda una: -una[1])[:limite]


def al_segundo(instante: datetime) -> datetime:
    return instante.astimezone(UTC).replace(microsecond=0)
