"""What the tests of the event store have in common."""

import uuid
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.utils import Environment

from domain.base.aplicacion import Aplicacion
from gateway.eventos.fabrica import Tienda
from gateway.eventos.lectura import Fila
from gateway.eventos.mapper import MapperTipado
from gateway.eventos.recorder import Recorder

MAESTRA = b"maestra " * 4
AHORA = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
INSERTAR = "INSERT INTO pagos_events VALUES (%s, %s, 'Algo.v1', '{}') RETURNING notification_id"


def recorder_de(tienda: Tienda, nombre: str) -> Recorder:
    return tienda.fabrica(Environment(nombre)).process_recorder()


def nuevo() -> str:
    """An id of a stream that nobody has."""
    return uuid.uuid4().hex


def guardado(flujo: str | None = None, version: int = 1, topic: str = "Algo.v1", state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(flujo or nuevo(), version, topic, state)


def insertar(conexion: psycopg.Connection, flujo: str | None = None, version: int = 1) -> int:
    """Append as any SQL client would, in whatever transaction ``conexion`` is. Returns the position."""
    fila = conexion.execute(INSERTAR, (flujo or nuevo(), version)).fetchone()
    assert fila is not None
    posicion: int = fila[0]
    return posicion


def filas_de(aplicacion: Aplicacion) -> list[Fila]:
    """The whole log of an application, as stored."""
    return cast(Recorder, aplicacion.recorder).leer(0, 10_000)


def eventos_de(aplicacion: Aplicacion) -> list[Any]:
    """The whole log of an application, as events."""
    return cast(MapperTipado, aplicacion.mapper).to_domain_events(filas_de(aplicacion))
