"""Read models built in a schema of their own, up to fixed positions: scratch, for who verifies or replays."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from projections.motor.conexion import conexion_propia
from projections.motor.generaciones import seguimiento_de
from projections.motor.log import Log
from projections.motor.marcha import CONSTRUIR, LISTO, Aviso, Marcha
from projections.motor.proyeccion import Proyeccion
from projections.motor.seguidor import LOTE
from projections.motor.seguimiento import Lugar

BORRADOR = "alpes: borrador"
"""The comment by which a scratch schema is known, to who clears up what a killed process left."""
ABANDONADO = "15 minutes"
"""How long nobody must have written in a scratch schema for it to be cleared up."""
SIN_TABLA = "42P01"
"""PostgreSQL's code for a table that isn't there."""

_HECHOS = text("SELECT application_name, notification_id FROM seguimiento WHERE application_name = ANY(:nombres)")
_EMPEZAR = text(
    "INSERT INTO seguimiento (application_name, notification_id, esquema)"
    " SELECT unnest(CAST(:nombres AS text[])), 0, :esquema"
)
_BORRADORES = text("SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') = :comentario")


def doblar_en(
    esquema: str,
    proyeccion: Proyeccion,
    logs: Mapping[str, Log],
    motor: Engine,
    hasta: Mapping[str, int] | None = None,
    *,
    avance: Aviso | None = None,
    freno: Callable[[], None] | None = None,
    limite: int = LOTE,
) -> dict[str, int]:
    """Build a projection's tables in the scratch schema ``esquema``, and return the positions reached.

    ``hasta``: the last position to take in, by application; those not named are taken in up to what is their end now.
    ``freno`` is called after each batch of ``limite`` events at most, and may wait. What fails is parked in the scratch
    schema's own ``aparcados``. Several projections may share a schema. Called again after it was killed it goes on, or
    starts clean when it can't.
    Raises ValueError for a name that can't be a schema's, and the driver's errors.
    """
    metas = {aplicacion: logs[aplicacion].cabeza() for aplicacion in dict.fromkeys(proyeccion.aplicaciones)}
    metas |= {aplicacion: meta for aplicacion, meta in (hasta or {}).items() if aplicacion in metas}
    lugar = Lugar(proyeccion.version, esquema)
    with conexion_propia(motor, esquema) as conexion, Session(conexion) as sesion:
        with conexion.begin():
            _preparar(conexion, proyeccion, esquema, metas)
        marcha = Marcha(proyeccion, logs, motor, sesion, lugar=lugar, limite=limite)

        def tras_lote() -> None:
            if avance is not None:
                avance(marcha.avance(CONSTRUIR, metas))
            if freno is not None:
                freno()

        marcha.alcanzar(metas, tras_lote)
        if avance is not None:
            avance(marcha.avance(LISTO, metas))
        return marcha.posiciones


def deshacer(motor: Engine, esquema: str) -> None:
    """Drop a scratch schema and all in it, if it is there."""
    with conexion_propia(motor, esquema) as conexion, conexion.begin():
        conexion.exec_driver_sql(f"DROP SCHEMA IF EXISTS {esquema} CASCADE")


def recoger_abandonados(motor: Engine) -> list[str]:
    """Drop the scratch schemas that killed processes left, which no oblivion would reach; return their names."""
    with motor.connect() as conexion:
        borradores = list(conexion.scalars(_BORRADORES, {"comentario": BORRADOR}))
        abandonados = [esquema for esquema in borradores if _sin_uso(conexion, esquema)]
    for esquema in abandonados:
        deshacer(motor, esquema)
    return abandonados


def _sin_uso(conexion: Connection, esquema: str) -> bool:
    consulta = f"SELECT max(movido_en) < clock_timestamp() - interval '{ABANDONADO}' FROM {esquema}.seguimiento"  # noqa: S608
    try:
        with conexion.begin_nested():
            return bool(conexion.scalar(text(consulta)))
    except ProgrammingError as error:
        # Who made it has dropped it meanwhile.
        if getattr(error.orig, "sqlstate", None) == SIN_TABLA:
            return False
        raise


def _preparar(conexion: Connection, proyeccion: Proyeccion, esquema: str, metas: Mapping[str, int]) -> None:
    """Let the schema hold the projection's tables: those of a build that can go on, or empty ones."""
    cursor = conexion.connection.cursor()
    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {esquema}")
    cursor.execute(f"COMMENT ON SCHEMA {esquema} IS '{BORRADOR}'")
    for propia in ("seguimiento", "aparcados"):
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {esquema}.{propia} (LIKE public.{propia} INCLUDING ALL)")
    nombres = {seguimiento_de(proyeccion.nombre, proyeccion.version, una): una for una in metas}
    hechos = {fila[0]: fila[1] for fila in conexion.execute(_HECHOS, {"nombres": list(nombres)})}
    if hechos.keys() == nombres.keys() and all(hechos[nombre] <= metas[una] for nombre, una in nombres.items()):
        return
    for tabla in proyeccion.tablas:
        cursor.execute(f"DROP TABLE IF EXISTS {esquema}.{tabla.nombre}")
        # Rows are looked for by their keys only.
        tabla.crear(cursor, esquema, indices=False)
    for propia, columna in (("seguimiento", "split_part(application_name, ':', 1)"), ("aparcados", "proyeccion")):
        cursor.execute(f"DELETE FROM {esquema}.{propia} WHERE {columna} = %s", (proyeccion.nombre,))  # noqa: S608
    conexion.execute(_EMPEZAR, {"nombres": list(nombres), "esquema": esquema})
