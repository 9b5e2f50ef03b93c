"""Several commands of one application stored in one transaction.

A commit an event is what following a busy log costs most. Within ``juntar`` commands decide as always, each in its own
context and on top of what the ones before it decided, and nothing is stored until the whole batch is. An application
that ``cargar_una_vez`` prepared replays each aggregate once a batch; a ``Recuerdo`` saves the next batch even that.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, cast

from eventsourcing.application import Cache, LRUCache, project_aggregate
from eventsourcing.domain import DomainEventProtocol

from domain.base.agregado import Agregado
from domain.base.aplicacion import Aplicacion
from gateway.eventos.almacen import AlmacenPorLotes
from gateway.eventos.lectura import SIN_TOPE
from gateway.eventos.recorder import Recorder

RECORDADOS = 16
"""Aggregates that outlive a batch, at most: they may be as large as a campaign with all its payments."""

LARGA = 200
"""Events from which on a history is long: to load it takes several times as long as to look for newer ones."""

_Evento = DomainEventProtocol[str]
Recuerdo = LRUCache[str, Agregado]
"""Aggregates as they were last stored. Who takes one out owns it, and puts it back once what it decided is stored."""


@dataclass(slots=True)
class Lote:
    """What a batch decided, in order, and what it has read."""

    recuerdo: Recuerdo
    eventos: list[_Evento] = field(default_factory=list)
    flujos: dict[str, list[_Evento]] = field(default_factory=dict)
    leidos: dict[tuple[Any, ...], list[_Evento]] = field(default_factory=dict)
    vacios: set[str] = field(default_factory=set)
    """Streams known to have had nothing stored."""
    agregados: dict[str, Agregado] = field(default_factory=dict)
    """Those that were loaded, with what the batch decided."""


_lote: ContextVar[Lote | None] = ContextVar("lote", default=None)


@contextmanager
def juntar(recuerdo: Recuerdo | None = None) -> Iterator[Lote]:
    """Gather what the commands of a ``with`` block decide; store it with ``AlmacenQueJunta.guardar``.

    One batch speaks to one application. What was read is kept for its length: a conflict shows when it is stored.
    ``recuerdo`` is what batches of that application before it have left, for one thread: of what it holds only newer
    events are read. A batch that isn't stored leaves nothing of what it touched.
    """
    lote = Lote(recuerdo or Recuerdo(RECORDADOS))
    marca = _lote.set(lote)
    try:
        yield lote
    finally:
        _lote.reset(marca)


class AlmacenQueJunta(AlmacenPorLotes):
    """Holds events back while there is a batch."""

    def grabar(self, eventos: Sequence[_Evento], **adjuntos: Any) -> Sequence[int]:
        """As the base class's; within a batch there are no positions yet, and 0 stands for each."""
        lote = _lote.get()
        if lote is None:
            return super().grabar(eventos, **adjuntos)
        if adjuntos:
            raise ValueError("dentro de un lote, lo que acompaña a los eventos se guarda con el lote")
        for evento in eventos:
            lote.eventos.append(evento)
            lote.flujos.setdefault(evento.originator_id, []).append(evento)
        return [0] * len(eventos)

    def get(
        self,
        originator_id: str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Iterator[_Evento]:
        def guardados() -> Iterator[_Evento]:
            return super(AlmacenQueJunta, self).get(originator_id, gt=gt, lte=lte, desc=desc, limit=limit)

        lote = _lote.get()
        if lote is None:
            return guardados()
        return iter(_mezclar(lote, (originator_id, gt, lte, desc, limit), guardados))

    def anticipar(self, lote: Lote, flujos: Collection[str]) -> None:
        """Look once for streams that the commands of a batch will ask for: those that aren't there aren't asked for.

        Raises OperationalError when the database can't be reached.
        """
        hallados = cast(Recorder, self.recorder).de_streams(flujos, 0, SIN_TOPE)
        lote.vacios.update(flujos)
        lote.vacios.difference_update(fila.originator_id for fila in hallados)

    def guardar(self, lote: Lote, **adjuntos: Any) -> None:
        """Store a batch and what comes along in one transaction. Raises as the recorder's ``insert_events`` does."""
        super().grabar(lote.eventos, **adjuntos)
        for agregado in lote.agregados.values():
            if not agregado.pending_events:
                lote.recuerdo.put(agregado.id, agregado)


class AgregadosDelLote(Cache[str, Agregado]):
    """The cache of a repository: outside of a batch it holds nothing."""

    def __init__(self, almacen: AlmacenQueJunta) -> None:
        self._almacen = almacen

    def get(self, key: str, *, evict: bool = False) -> Agregado:
        """An aggregate as the batch has it. Raises KeyError when it must be loaded."""
        lote = _lote.get()
        if lote is None:
            raise KeyError(key)
        if key not in lote.agregados:
            recordado = lote.recuerdo.get(key, evict=True)
            project_aggregate(recordado, self._almacen.get(key, gt=recordado.version))
            lote.agregados[key] = recordado
        if lote.agregados[key].pending_events:
            # A command was refused after its aggregate had decided: nothing of that may come about.
            del lote.agregados[key]
            # It may have been caught up with beyond what was read.
            lote.leidos = {consulta: eventos for consulta, eventos in lote.leidos.items() if consulta[0] != key}
        return lote.agregados[key]

    def put(self, key: str, value: Agregado | None) -> None:
        """Take in what was loaded. To load a long history takes as long as others need to write on: it is caught up
        with, or who loads it would lose to them each time."""
        lote = _lote.get()
        if value is not None and value.version >= LARGA:
            project_aggregate(value, self._almacen.get(key, gt=value.version))
        if lote is not None and value is not None:
            lote.agregados[key] = value


def cargar_una_vez(aplicacion: Aplicacion) -> None:
    """Have an application load each aggregate once a batch. Not for one that holds personal data."""
    repositorio = aplicacion.repository
    repositorio.cache = cast(Any, AgregadosDelLote(cast(AlmacenQueJunta, aplicacion.events)))
    # A batch looks for newer events when it begins, and what it holds is nobody else's: a copy is as long as a replay.
    repositorio.fastforward = repositorio.deepcopy_from_cache = False


def _mezclar(lote: Lote, consulta: tuple[Any, ...], guardados: Callable[[], Iterator[_Evento]]) -> list[_Evento]:
    """Stored events and the batch's own, which come after all stored ones of their stream."""
    originator_id, gt, lte, desc, limit = consulta
    nuevos = [
        evento
        for evento in lote.flujos.get(originator_id, ())
        if (gt is None or evento.originator_version > gt) and (lte is None or evento.originator_version <= lte)
    ]
    if desc:
        nuevos.reverse()
        if limit is not None and len(nuevos) >= limit:
            return nuevos[:limit]
    if consulta not in lote.leidos:
        lote.leidos[consulta] = [] if originator_id in lote.vacios else list(guardados())
    viejos = lote.leidos[consulta]
    return list(islice([*nuevos, *viejos] if desc else [*viejos, *nuevos], limit))
