"""How far each reader of the logs has come, asked of the database itself."""

from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

MODULOS = {"clientes": "cliente", "pagos": "pagos", "campanias": "campanias"}
"""Application names, as tables are named, and the modules' outside names."""

_LECTOR = sql.SQL(
    """
    SELECT {posicion}::bigint AS posicion,
           COALESCE((SELECT max(notification_id) FROM {log}), 0) AS cabeza,
           (SELECT count(*) FROM {log} WHERE notification_id > {posicion}) AS retraso_eventos,
           COALESCE((SELECT round(extract(epoch FROM
               now() - (convert_from(state, 'UTF8')::jsonb ->> 'timestamp')::timestamptz), 1)
               FROM {log} WHERE notification_id > {posicion} ORDER BY notification_id LIMIT 1), 0)::float
               AS retraso_segundos
    """
)

Fila = dict[str, Any]


def proyecciones(db_url: str) -> list[Fila]:
    """One row a projection and log: its version, its position, the log's head, and how far behind it is."""
    filas = []
    with _conectar(db_url) as conexion:
        for seguida in _leer(conexion, "seguimiento", "SELECT application_name, notification_id FROM seguimiento"):
            nombre, version, aplicacion = seguida["application_name"].split(":")
            retraso = _retraso(conexion, aplicacion, seguida["notification_id"])
            filas.append({"nombre": nombre, "version": int(version), "modulo": MODULOS[aplicacion], **retraso})
    return sorted(filas, key=lambda fila: (fila["nombre"], fila["version"], fila["modulo"]))


def reacciones(db_url: str) -> list[Fila]:
    """One row a reaction, likewise."""
    filas = []
    with _conectar(db_url) as conexion:
        for destino in MODULOS:
            consulta = f"SELECT application_name, notification_id FROM {destino}_tracking"  # noqa: S608 - our own names
            for seguida in _leer(conexion, f"{destino}_tracking", consulta):
                nombre, _, origen = seguida["application_name"].rpartition(":")
                if origen in MODULOS:
                    retraso = _retraso(conexion, origen, seguida["notification_id"])
                    filas.append({"nombre": nombre, "modulo": MODULOS[origen], **retraso})
    return sorted(filas, key=lambda fila: fila["nombre"])


def aparcados(db_url: str) -> int:
    """Streams that a reader can't follow for now."""
    with _conectar(db_url) as conexion:
        return sum(
            _leer(conexion, tabla, f"SELECT count(*) AS n FROM {tabla}")[0]["n"]  # noqa: S608 - our own names
            for tabla in ("aparcados", "reacciones_aparcadas")
            if _existe(conexion, tabla)
        )


def _retraso(conexion: psycopg.Connection[Fila], aplicacion: str, posicion: int) -> Fila:
    log = sql.Identifier(f"{aplicacion}_events")
    fila = conexion.execute(_LECTOR.format(log=log, posicion=sql.Literal(posicion))).fetchone() or {}
    return {**fila, "estado": "atrasada" if fila["retraso_eventos"] else "al día"}


def _leer(conexion: psycopg.Connection[Fila], tabla: str, consulta: str) -> list[Fila]:
    return conexion.execute(consulta).fetchall() if _existe(conexion, tabla) else []


def _existe(conexion: psycopg.Connection[Fila], tabla: str) -> bool:
    fila = conexion.execute("SELECT to_regclass(%s) AS tabla", [tabla]).fetchone()
    return fila is not None and fila["tabla"] is not None


def _conectar(db_url: str) -> psycopg.Connection[Fila]:
    return psycopg.connect(db_url, row_factory=dict_row, connect_timeout=10)
