"""Appends of single events at 16 writers: our recorder, the library's own, and a bare insert of the same rows."""

from collections.abc import Callable
from itertools import count

import psycopg
from eventsourcing.persistence import StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from gateway.composicion import construir
from gateway.config import Config
from tests.banco.medir import Razon, a_la_vez, comparar

ESCRITORES = 16
POR_ESCRITOR = 250
ESTADO = b'{"timestamp":"2026-01-01T00:00:00Z","motivo":"' + b"x" * 250 + b'"}'
TABLA_DESNUDA = """
CREATE TABLE IF NOT EXISTS desnuda (originator_id text NOT NULL, originator_version bigint NOT NULL,
  topic text, state bytea, notification_id bigserial UNIQUE, PRIMARY KEY (originator_id, originator_version))
"""
INSERTAR = (
    "INSERT INTO desnuda (originator_id, originator_version, topic, state) VALUES (%s, %s, %s, %b) "
    "RETURNING notification_id"
)
_numeros = count()


def medir(config: Config, rondas: int) -> list[Razon]:
    """Ratios of appends a second; every append is one commit on both sides."""
    db_url = str(config.db_url)
    datos = conninfo_to_dict(db_url)
    almacen = PostgresDatastore(
        dbname=str(datos["dbname"]),
        host=str(datos["host"]),
        port=str(datos["port"]),
        user=str(datos["user"]),
        password=str(datos.get("password", "")),
        pool_size=ESCRITORES,
        originator_id_type="text",
    )
    de_serie = PostgresApplicationRecorder(almacen, events_table_name="de_serie_events")
    de_serie.create_table()
    conexiones = [psycopg.connect(db_url, autocommit=True, prepare_threshold=0) for _ in range(ESCRITORES)]
    with construir(config) as sistema:
        conexiones[0].execute(TABLA_DESNUDA)
        lineas = comparar(
            "agregar un evento, 16 escritores",
            lambda: _escribir([sistema.pagos.recorder.insert_events] * ESCRITORES),
            {
                "grabador de la biblioteca": (lambda: _escribir([de_serie.insert_events] * ESCRITORES), 6.0),
                "insert desnudo": (lambda: _escribir([_insertar_en(conexion) for conexion in conexiones]), 0.8),
            },
            rondas,
        )
    for conexion in conexiones:
        conexion.close()
    almacen.close()
    return lineas


def _insertar_en(conexion: psycopg.Connection) -> Callable[[list[StoredEvent]], object]:
    cursor = conexion.cursor()

    def insertar(eventos: list[StoredEvent]) -> object:
        evento = eventos[0]
        cursor.execute(INSERTAR, (evento.originator_id, evento.originator_version, evento.topic, evento.state))
        return cursor.fetchone()

    return insertar


def _escribir(grabadores: list[Callable[[list[StoredEvent]], object]]) -> float:
    def escritor(grabar: Callable[[list[StoredEvent]], object]) -> int:
        for _ in range(POR_ESCRITOR):
            grabar([StoredEvent(f"banco-{next(_numeros)}", 1, "PagoCancelado.v1", ESTADO)])
        return POR_ESCRITOR

    return a_la_vez([lambda grabar=grabar: escritor(grabar) for grabar in grabadores])  # type: ignore[misc]
