"""Each time that somebody sees a person's data in clear: who, when, and of what range. Kept for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from psycopg.types.json import Jsonb

from domain.base.contexto import Actor
from gateway.eventos.datastore import Datastore

_ANOTAR = "INSERT INTO public.accesos (actor, accion, alcance) VALUES (%s, %s, %s) RETURNING id"
_LISTAR = "SELECT visto_en, actor, accion, alcance FROM public.accesos ORDER BY id DESC LIMIT %s"


class Acceso(NamedTuple):
    """``accion`` is what was done ("ver", "exportar"…), ``alcance`` what it could show; ids, never data."""

    visto_en: datetime
    actor: str
    accion: str
    alcance: dict[str, Any]


def anotar(datastore: Datastore, actor: Actor, accion: str, alcance: Mapping[str, Any]) -> None:
    """Record a look before it happens: when it can't be recorded, there shall be none.

    Raises OperationalError when the database can't be reached.
    """
    datastore.filas(_ANOTAR, (f"{actor.tipo}:{actor.id}", accion, Jsonb(dict(alcance))))


def ultimos(datastore: Datastore, limite: int) -> list[Acceso]:
    """The newest looks first."""
    return [Acceso._make(fila) for fila in datastore.filas(_LISTAR, (limite,))]
