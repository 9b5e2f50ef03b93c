"""The past of one stream: its events as stored, and the aggregate as they leave it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import sql

from domain.base.agregado import Agregado, Evento
from domain.base.aplicacion import Aplicacion
from domain.base.dinero import Dinero
from gateway.eventos.lectura import SIN_TOPE, Fila
from gateway.http.circunstancias import sistema
from gateway.http.escritura import fecha

METADATOS = frozenset({"originator_id", "originator_version", "originator_topic", *Evento.__annotations__})
OCULTOS = ("_", "huella_")
"""What begins so serves the machine: how the library keeps an aggregate, and the keyed hashes of reservations."""


@dataclass(frozen=True, slots=True)
class Contado:
    """An event and where it stands in the log of its module."""

    posicion: int
    tipo: str
    evento: Evento


def contar(aplicacion: Aplicacion, *streams: str, hasta: int | datetime | None = None) -> list[Contado]:
    """The events of each stream by version: all, or those up to a version or an instant of recording.

    Events are recorded to the microsecond and shown to the second, so an instant of whole seconds includes all
    that shows the same.
    """
    tope = hasta if isinstance(hasta, int) else SIN_TOPE
    tienda = sistema().tienda
    filas = [Fila._make(fila) for fila in tienda.datastore.filas(_consulta(aplicacion.name), (list(streams), tope))]
    eventos = tienda.mapper.to_domain_events(filas)
    contados = [Contado(fila.posicion, fila.topic, evento) for fila, evento in zip(filas, eventos, strict=True)]
    if isinstance(hasta, datetime):
        contados = [uno for uno in contados if _ocurrio(uno.evento.timestamp, hasta)]
    return contados


def agregado(contados: Sequence[Contado]) -> Agregado | None:
    """The aggregate as these events of one stream leave it; None when there are none."""
    actual: Any = None
    for contado in contados:
        actual = contado.evento.mutate(actual)
    return actual if isinstance(actual, Agregado) else None


def mostrar_evento(contado: Contado) -> dict[str, Any]:
    """An event as the audit trail tells it."""
    evento = contado.evento
    return {
        "posicion": contado.posicion,
        "version": evento.originator_version,
        "tipo": contado.tipo,
        "timestamp": fecha(evento.timestamp),
        "usuario": usuario(evento),
        "correlation_id": evento.correlation_id,
        "causation_id": evento.causation_id,
        "datos": {campo: _mostrar(valor) for campo, valor in vars(evento).items() if _es_dato(campo)},
    }


def mostrar_estado(actual: Agregado) -> dict[str, Any]:
    """An aggregate as data."""
    datos = {campo: _mostrar(valor) for campo, valor in vars(actual).items() if _es_dato(campo)}
    return {"id": actual.id, "version": actual.version, **datos}


def usuario(evento: Evento) -> str:
    """Who acted: the kind and the name, or one word when they are the same."""
    iguales = evento.actor_tipo == evento.actor_id
    return evento.actor_id if iguales else f"{evento.actor_tipo}:{evento.actor_id}"


def _consulta(nombre: str) -> sql.Composed:
    tabla = sql.Identifier("public", f"{nombre}_events")
    return sql.SQL(
        "SELECT notification_id, originator_id, originator_version, topic, state FROM {}"
        " WHERE originator_id = ANY(%s) AND originator_version <= %s ORDER BY originator_id, originator_version"
    ).format(tabla)


def _ocurrio(instante: datetime, hasta: datetime) -> bool:
    return (instante if hasta.microsecond else instante.replace(microsecond=0)) <= hasta


def _es_dato(campo: str) -> bool:
    return campo not in METADATOS and not campo.startswith(OCULTOS)


def _mostrar(valor: Any) -> Any:
    match valor:
        case Dinero():
            return {"valor": valor.valor, "moneda": valor.moneda}
        case datetime():
            return fecha(valor)
        case dict():
            return {clave: _mostrar(uno) for clave, uno in valor.items()}
        case set() | frozenset():
            return sorted(valor)
        case list() | tuple():
            return [_mostrar(uno) for uno in valor]
        case _:
            return valor
