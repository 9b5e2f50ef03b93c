"""Where each projection stands in each log, moved by compare-and-set."""

from collections.abc import Sequence
from typing import Any

from eventsourcing.persistence import IntegrityError, Tracking
from eventsourcing_sqlalchemy.datastore import SQLAlchemyDatastore
from eventsourcing_sqlalchemy.recorders import SQLAlchemyTrackingRecorder
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

TABLA = "seguimiento"

_ABRIR = text(
    "INSERT INTO seguimiento (application_name, notification_id)"
    " SELECT unnest(CAST(:nombres AS text[])), 0 ON CONFLICT DO NOTHING"
)
_CERCAR = text("SELECT 1 FROM seguimiento WHERE application_name = ANY(:nombres) ORDER BY application_name FOR UPDATE")
_MOVER = text(
    "UPDATE seguimiento SET notification_id = :hasta, movido_en = clock_timestamp()"
    " WHERE application_name = :nombre AND notification_id = :desde"
    " RETURNING EXISTS (SELECT FROM aparcados WHERE (proyeccion, version, aplicacion) ="
    " (split_part(application_name, ':', 1), CAST(split_part(application_name, ':', 2) AS integer),"
    " split_part(application_name, ':', 3)))"
)
_ADELANTAR = text(
    "INSERT INTO seguimiento AS s (application_name, notification_id) VALUES (:nombre, :hasta)"
    " ON CONFLICT (application_name) DO UPDATE SET notification_id = :hasta, movido_en = clock_timestamp()"
    " WHERE s.notification_id < :hasta"
)


class PosicionDisputada(IntegrityError):
    """Another worker moved the projection since its position was read."""


class Seguimiento(SQLAlchemyTrackingRecorder):
    """The library's tracking table, fenced: as it stands, two workers both store the same position."""

    def __init__(self, motor: Engine) -> None:
        super().__init__(SQLAlchemyDatastore(session_maker=sessionmaker(motor)), tracking_table_name=TABLA)

    def abrir(self, sesion: Session, nombres: Sequence[str]) -> None:
        """Let the positions exist, at 0."""
        sesion.execute(_ABRIR, {"nombres": list(nombres)})

    def cercar(self, sesion: Session, nombres: Sequence[str]) -> None:
        """Hold several positions until the transaction ends: what follows from two logs is written by one worker."""
        sesion.execute(_CERCAR, {"nombres": list(nombres)})

    def mover(self, sesion: Session, nombre: str, desde: int, hasta: int) -> bool:
        """Move a position; the first thing in the transaction of what was read up to there.

        Returns whether any stream is parked. Raises PosicionDisputada unless the position stands at ``desde``.
        """
        fila = sesion.execute(_MOVER, {"nombre": nombre, "desde": desde, "hasta": hasta}).one_or_none()
        if fila is None:
            raise PosicionDisputada(nombre)
        return bool(fila[0])

    def _insert_tracking(self, session: Session, tracking: Tracking) -> None:
        valores = {"nombre": tracking.application_name, "hasta": tracking.notification_id}
        resultado: Any = session.execute(_ADELANTAR, valores)
        if resultado.rowcount != 1:
            raise PosicionDisputada(tracking.application_name)
