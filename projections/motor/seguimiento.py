"""Where each generation stands in each log, moved by compare-and-set."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eventsourcing.persistence import IntegrityError, Tracking
from eventsourcing_sqlalchemy.datastore import SQLAlchemyDatastore
from eventsourcing_sqlalchemy.recorders import SQLAlchemyTrackingRecorder
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from projections.motor.conexion import del_driver

TABLA = "seguimiento"
ARRIENDO = "interval '6 s'"
"""How long a claim on a generation holds without being renewed: a worker that freezes is replaced after it."""

# Looked for first: an insertion waits for whoever is moving that very row, and a frozen owner may be for ever.
_ABRIR = text(
    "INSERT INTO seguimiento (application_name, notification_id, esquema)"
    " SELECT nombre, 0, :esquema FROM unnest(CAST(:nombres AS text[])) AS nombre"
    " WHERE NOT EXISTS (SELECT FROM seguimiento WHERE application_name = nombre) ON CONFLICT DO NOTHING"
)
_CERCAR = (
    "SELECT application_name, notification_id FROM seguimiento WHERE application_name = ANY({})"
    " ORDER BY application_name FOR UPDATE"
)
_CERCAR_AQUI = text(_CERCAR.format(":nombres"))
_POSICION = text("SELECT notification_id FROM seguimiento WHERE application_name = :nombre")
_MOVER = (
    "UPDATE seguimiento SET notification_id = %s, movido_en = clock_timestamp(),"  # noqa: S608
    f" vence_en = CASE WHEN dueno = pg_backend_pid() THEN clock_timestamp() + {ARRIENDO} ELSE vence_en END"
    " WHERE application_name = %s AND notification_id = %s AND esquema = %s AND epoca = %s"
    " RETURNING EXISTS (SELECT FROM aparcados WHERE (proyeccion, generacion, aplicacion) ="
    " (split_part(application_name, ':', 1), CAST(split_part(application_name, ':', 2) AS integer),"
    " split_part(application_name, ':', 3)))"
)
_ADELANTAR = text(
    "INSERT INTO seguimiento AS s (application_name, notification_id) VALUES (:nombre, :hasta)"
    " ON CONFLICT (application_name) DO UPDATE SET notification_id = :hasta, movido_en = clock_timestamp()"
    " WHERE s.notification_id < :hasta"
)

_DE_UNO_EN_UNO = threading.Lock()


class PosicionDisputada(IntegrityError):
    """Another worker moved the projection, or took it over, or its tables were switched, since it was looked at."""


@dataclass(frozen=True)
class Lugar:
    """Which generation is written: its number, the schema of its tables, and the ``epoca`` of who may do so.

    The schema and the epoch are part of the compare-and-set: a batch that was read before a switch or a take-over
    can't be stored after it.
    """

    numero: int
    esquema: str
    epoca: int = 0


class Seguimiento(SQLAlchemyTrackingRecorder):
    """The library's tracking table, fenced: as it stands, two workers both store the same position."""

    def __init__(self, motor: Engine) -> None:
        # The library defines the table's class once a process, and two threads at a time can't.
        with _DE_UNO_EN_UNO:
            super().__init__(SQLAlchemyDatastore(session_maker=sessionmaker(motor)), tracking_table_name=TABLA)

    def abrir(self, sesion: Session, nombres: Sequence[str], esquema: str = "public") -> None:
        """Let the positions exist, at 0."""
        sesion.execute(_ABRIR, {"nombres": list(nombres), "esquema": esquema})

    def posicion(self, sesion: Session, nombre: str) -> int:
        """The position as the session sees it, 0 when there is none."""
        return int(sesion.scalar(_POSICION, {"nombre": nombre}) or 0)

    def cercar(self, sesion: Session, nombres: Sequence[str]) -> dict[str, int]:
        """Hold several positions until the transaction ends, and return them, by name.

        What follows from two logs is written by one worker; what is compared or switched stands still.
        """
        return {fila[0]: fila[1] for fila in sesion.execute(_CERCAR_AQUI, {"nombres": list(nombres)})}

    def mover(
        self, sesion: Session, nombre: str, desde: int, hasta: int, lugar: Lugar, *, cercadas: Sequence[str] = ()
    ) -> bool:
        """Move a position; the first thing in the transaction of what was read up to there.

        ``cercadas`` are held first, if there are several: it and those that must not move meanwhile.
        Returns whether any stream is parked. Raises PosicionDisputada unless the position stands at ``desde`` and
        the generation is still at ``lugar``.
        """
        with del_driver(sesion) as conexion:
            if len(cercadas) > 1:
                conexion.execute(_CERCAR.format("%s"), (list(cercadas),))
            fila = conexion.execute(_MOVER, (hasta, nombre, desde, lugar.esquema, lugar.epoca)).fetchone()
        if fila is None:
            raise PosicionDisputada(nombre)
        return bool(fila[0])

    def _insert_tracking(self, session: Session, tracking: Tracking) -> None:
        valores = {"nombre": tracking.application_name, "hasta": tracking.notification_id}
        resultado: Any = session.execute(_ADELANTAR, valores)
        if resultado.rowcount != 1:
            raise PosicionDisputada(tracking.application_name)
