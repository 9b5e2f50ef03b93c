"""How far each generation of each read model has come, and whether it moves at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, text

from projections.motor.log import Log

AL_DIA, ATRASADA, SIN_AVANZAR, SIN_TRABAJADOR = "al día", "atrasada", "sin avanzar", "sin trabajador"
QUIETUD = 10.0
"""Seconds without a step, and with something to read, after which a follower counts as stuck."""
_POSICIONES = text(
    """
    SELECT g.proyeccion, g.numero, g.version, g.estado, u.aplicacion, coalesce(s.notification_id, 0) AS posicion,
        (SELECT coalesce(sum(pg_total_relation_size(to_regclass(g.esquema || '.' || tabla))), 0)
         FROM unnest(g.tablas) AS tabla) AS bytes,
        coalesce(s.vence_en > clock_timestamp(), false) AS atendida,
        coalesce(CAST(extract(epoch FROM clock_timestamp() - s.movido_en) AS double precision), 0) AS quieta,
        (SELECT count(*) FROM aparcados a
         WHERE (a.proyeccion, a.generacion, a.aplicacion) = (g.proyeccion, g.numero, u.aplicacion)) AS aparcados
    FROM generaciones g CROSS JOIN unnest(g.aplicaciones) AS u(aplicacion)
    LEFT JOIN seguimiento s ON s.application_name = g.proyeccion || ':' || g.numero || ':' || u.aplicacion
    ORDER BY g.proyeccion, g.numero, u.aplicacion
    """
)


@dataclass(frozen=True, slots=True)
class Retraso:
    """One generation in one log. ``situacion`` is the generation's (activa, en_obra…).

    ``retraso_eventos`` counts positions, some of which may be dead; ``retraso_segundos`` is the age of the next event
    to take in, None when it can't be read. ``aparcados`` are streams; ``bytes`` what the generation's tables and
    indexes take. ``estado`` is one of this module's words.
    """

    nombre: str
    version: int
    generacion: int
    situacion: str
    aplicacion: str
    posicion: int
    cabeza: int
    retraso_eventos: int
    retraso_segundos: float | None
    estado: str
    aparcados: int
    bytes: int


def retrasos(motor: Engine, logs: Mapping[str, Log], ahora: datetime) -> list[Retraso]:
    """Every generation in every log that it follows. ``logs`` by application name.

    Raises sqlalchemy.exc.DBAPIError or the log's own error when the database can't be reached.
    """
    with motor.connect() as conexion:
        posiciones = conexion.execute(_POSICIONES).all()
    cabezas = {aplicacion: log.cabeza() for aplicacion, log in logs.items()}
    todos = []
    for una in posiciones:
        cabeza = max(cabezas.get(una.aplicacion, 0), una.posicion)
        hay, segundos = edad_del_siguiente(logs[una.aplicacion], una.posicion, ahora)
        estado = _estado(hay, segundos, una.atendida, una.quieta)
        todos.append(
            Retraso(
                una.proyeccion,
                una.version,
                una.numero,
                una.estado,
                una.aplicacion,
                una.posicion,
                cabeza,
                cabeza - una.posicion,
                segundos,
                estado,
                una.aparcados,
                int(una.bytes),
            )
        )
    return todos


def edad_del_siguiente(log: Log, posicion: int, ahora: datetime) -> tuple[bool, float | None]:
    """Whether there is an event after a position, and how old it is in seconds; None when it can't be read.

    Also one that may not be taken in yet, as an open transaction may still fill the gap before it: it waits.
    """
    filas = log.siguiente(posicion)
    if not filas:
        return False, 0.0
    try:
        edad = (ahora - log.abrir(filas)[0].timestamp).total_seconds()
    except Exception:  # whatever an unreadable event raises, the lag is to be shown
        return True, None
    return True, round(max(edad, 0.0), 3)


def _estado(hay: bool, segundos: float | None, atendida: bool, quieta: float) -> str:
    if not hay:
        return AL_DIA
    if not atendida:
        return SIN_TRABAJADOR
    esperando = segundos is None or segundos > QUIETUD
    return SIN_AVANZAR if esperando and quieta > QUIETUD else ATRASADA
