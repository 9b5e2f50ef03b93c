"""The past of one stream: its events as stored, and the aggregate as they leave it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Any

from psycopg import sql

from domain.base.agregado import Agregado, Evento
from domain.base.aplicacion import Aplicacion
from domain.base.texto import es_identificador
from gateway.eventos.fabrica import Tienda
from gateway.eventos.lectura import SIN_TOPE, Fila


@dataclass(frozen=True, slots=True)
class Contado:
    """An event and where it stands in the log of its module. ``tipo`` is its name as stored."""

    posicion: int
    tipo: str
    evento: Evento


class HistoriaIncompleta(RuntimeError):
    """A stream lacks an event that others of it build on: nobody but who has the database could take it away."""


def contar(
    tienda: Tienda, aplicacion: Aplicacion, *streams: str, desde: int = 1, hasta: int | datetime | None = None
) -> list[Contado]:
    """The events of each stream from version ``desde`` on: all, or those up to a version or an instant of recording.

    Events are recorded to the microsecond and shown to the second, so an instant of whole seconds includes all
    that shows the same. Of what comes after it only the first event need be readable, which tells that it does.
    Raises EventoIlegible.
    """
    tope = hasta if isinstance(hasta, int) else SIN_TOPE
    consulta, cuales = _consulta(aplicacion.name), (list(streams), desde, tope)
    filas: Iterable[Fila] = map(Fila._make, tienda.datastore.filas(consulta, cuales))
    if isinstance(hasta, datetime):
        filas = _sabidas(tienda, filas, hasta)
    return abrir(tienda, list(filas))


def seguidos(contados: Iterable[Contado]) -> Iterator[Contado]:
    """Events of streams, each from its first on. Raises HistoriaIncompleta where one is missing."""
    vistos = Counter[str]()
    for contado in contados:
        stream = contado.evento.originator_id
        vistos[stream] += 1
        if contado.evento.originator_version != vistos[stream]:
            raise HistoriaIncompleta(f"En la historia de «{stream}» falta el evento de la versión {vistos[stream]}")
        yield contado


def abrir(tienda: Tienda, filas: Sequence[Fila]) -> list[Contado]:
    """Stored events, decoded. Raises MapperDeserialisationError, which names the one that can't be read."""
    eventos = tienda.mapper.to_domain_events(filas)
    return [Contado(fila.posicion, fila.topic, evento) for fila, evento in zip(filas, eventos, strict=True)]


def sabido(evento: Evento, hasta: datetime) -> bool:
    """Whether an event was recorded by then."""
    instante = evento.timestamp
    return (instante if hasta.microsecond else instante.replace(microsecond=0)) <= hasta


def agregado(contados: Iterable[Contado]) -> Agregado | None:
    """The aggregate as these events of one stream leave it; None when there are none. Raises HistoriaIncompleta."""
    actual: Any = None
    for contado in seguidos(contados):
        actual = contado.evento.mutate(actual)
    return actual if isinstance(actual, Agregado) else None


def duenias(aplicaciones: Iterable[Aplicacion], stream: str) -> list[Aplicacion]:
    """The applications that have such a stream. Internal streams are never told of."""
    if not es_identificador(stream):
        return []
    return [una for una in aplicaciones if una.recorder.select_events(stream, limit=1)]


def _consulta(nombre: str) -> sql.Composed:
    tabla = sql.Identifier("public", f"{nombre}_events")
    return sql.SQL(
        "SELECT notification_id, originator_id, originator_version, topic, state FROM {}"
        " WHERE originator_id = ANY(%s) AND originator_version BETWEEN %s AND %s"
        " ORDER BY originator_id, originator_version"
    ).format(tabla)


def _sabidas(tienda: Tienda, filas: Iterable[Fila], hasta: datetime) -> Iterator[Fila]:
    """The rows of each stream before the first that had not been recorded by then, which is the last one looked at."""

    def es_sabida(fila: Fila) -> bool:
        (evento,) = tienda.mapper.sin_personales([fila])
        return sabido(evento, hasta)

    for _, suyas in groupby(filas, attrgetter("originator_id")):
        yield from takewhile(es_sabida, suyas)
