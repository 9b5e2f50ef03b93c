"""Each time that somebody sees a person's data in clear: who, when, and of what range. Kept for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from domain.base.contexto import Actor

_ANOTAR = text("INSERT INTO public.accesos (actor, accion, alcance) VALUES (:actor, :accion, :alcance)").bindparams(
    bindparam("alcance", type_=JSONB)
)
_LISTAR = text("SELECT visto_en, actor, accion, alcance FROM public.accesos ORDER BY id DESC LIMIT :limite")


class Acceso(NamedTuple):
    """``accion`` is what was done ("ver", "exportar"…), ``alcance`` what it could show; ids, never data."""

    visto_en: datetime
    actor: str
    accion: str
    alcance: dict[str, Any]


def anotar(motor: Engine, actor: Actor, accion: str, alcance: Mapping[str, Any]) -> None:
    """Record a look before it happens: when it can't be recorded, there shall be none.

    Raises sqlalchemy's errors when the database can't be reached.
    """
    with motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        conexion.execute(_ANOTAR, {"actor": f"{actor.tipo}:{actor.id}", "accion": accion, "alcance": dict(alcance)})


def ultimos(motor: Engine, limite: int) -> list[Acceso]:
    """The newest looks first."""
    with motor.connect() as conexion:
        return [Acceso._make(fila) for fila in conexion.execute(_LISTAR, {"limite": limite})]
