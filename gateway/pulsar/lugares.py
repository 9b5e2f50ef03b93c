"""Where everybody stands who follows one module's log: what a restore of the database takes back with it."""

from dataclasses import dataclass
from typing import cast

from psycopg import sql
from sqlalchemy import Engine, text

from domain.politicas import POLITICAS
from gateway.composicion import Sistema
from gateway.eventos.recorder import Recorder
from gateway.relevos import seguimiento_de_relevo

_GENERACIONES = text(
    "SELECT application_name, notification_id FROM seguimiento WHERE split_part(application_name, ':', 3) = :aplicacion"
    " AND application_name <> :relevo"
)
_RELEVO = text("SELECT notification_id FROM seguimiento WHERE application_name = :relevo")


@dataclass(frozen=True, slots=True)
class Lugares:
    """``secuencia`` is the last position that was given out; ``seguidores`` are read models and reactions, by name."""

    secuencia: int
    relevo: int
    seguidores: dict[str, int]


def lugares_de(sistema: Sistema, nombre: str) -> Lugares:
    """Those of the log of application ``nombre``. Raises DBAPIError without a database."""
    valores = {"aplicacion": nombre, "relevo": seguimiento_de_relevo(sistema.aplicaciones[nombre].modulo)}
    with sistema.motor.connect() as conexion:
        seguidores = {fila[0]: fila[1] for fila in conexion.execute(_GENERACIONES, valores)}
        relevo = int(conexion.scalar(_RELEVO, valores) or 0)
    for politica in POLITICAS:
        if nombre == politica.ORIGEN:
            seguidor = f"{politica.NOMBRE}:{politica.ORIGEN}"
            recorder = cast(Recorder, sistema.aplicaciones[politica.DESTINO].recorder)
            seguidores[seguidor] = recorder.max_tracking_id(seguidor) or 0
    return Lugares(_secuencia(sistema.motor, nombre), relevo, seguidores)


def apartar(motor: Engine, nombre: str, debida: int, vista: int, cuantas: int) -> tuple[int, int]:
    """Have the next event of a log come after position ``debida``, and after as many others as are to be told late.

    Those are ``cuantas``, and what was stored after the head ``vista``. Returns the last position before them, and
    the head: no writer is under way then, so it is final. Takes nothing back when it is repeated.
    """
    tabla = sql.Identifier("public", f"{nombre}_events").as_string()
    with motor.begin() as conexion:
        conexion.execute(text("SET LOCAL lock_timeout = '10s'"))
        conexion.execute(text(f"LOCK TABLE {tabla} IN SHARE ROW EXCLUSIVE MODE"))
        cabeza = int(conexion.scalar(text(f"SELECT coalesce(max(notification_id), 0) FROM {tabla}")))  # noqa: S608
        base = max(debida, cabeza, _secuencia(conexion.engine, nombre))
        hasta = base + (cuantas + cabeza - vista if cuantas else 0)
        mover = text("SELECT setval(CAST(pg_get_serial_sequence(:tabla, 'notification_id') AS regclass), :hasta)")
        if hasta:
            conexion.execute(mover, {"tabla": tabla, "hasta": hasta})
    return base, cabeza


def _secuencia(motor: Engine, nombre: str) -> int:
    tabla = sql.Identifier("public", f"{nombre}_events").as_string()
    with motor.connect() as conexion:
        dicha = conexion.scalar(text("SELECT pg_get_serial_sequence(:tabla, 'notification_id')"), {"tabla": tabla})
        return int(conexion.scalar(text(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {dicha}")))  # noqa: S608
