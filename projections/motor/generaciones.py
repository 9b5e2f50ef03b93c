"""The tables of a read model exist once a generation: the active one in ``public``, others in schemas of their own."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from projections.motor.proyeccion import Proyeccion

PUBLICO = "public"
"""Where the active generation's tables are, under the names that every reader knows."""
ACTIVA, EN_OBRA, GUARDADA, DETENIDA = "activa", "en_obra", "guardada", "detenida"

_COLUMNAS = "proyeccion, numero, version, esquema, estado, tablas, aplicaciones, creada_en, activada_en, informe"
_TODAS = text(f"SELECT {_COLUMNAS} FROM generaciones ORDER BY proyeccion, numero")  # noqa: S608
_DE_UNA = text(f"SELECT {_COLUMNAS} FROM generaciones WHERE proyeccion = :nombre ORDER BY numero")  # noqa: S608
_AGREGAR = text(
    "INSERT INTO generaciones (proyeccion, numero, version, esquema, estado, tablas, aplicaciones, activada_en)"
    " VALUES (:proyeccion, :numero, :version, :esquema, :estado, :tablas, :aplicaciones,"
    " CASE WHEN :estado = 'activa' THEN clock_timestamp() END)"
)
_EMPEZAR = text(
    # Epochs go on rising even when a number is used again: who wrote in the one of before can't in this one.
    "INSERT INTO seguimiento (application_name, notification_id, esquema, epoca)"
    " SELECT unnest(CAST(:nombres AS text[])), 0, :esquema,"
    " CAST(extract(epoch FROM now()) * 1000 AS bigint)"
)

_POSICIONES = text("SELECT application_name, notification_id FROM seguimiento WHERE application_name = ANY(:nombres)")
_QUE_HAY = text("SELECT t FROM unnest(CAST(:tablas AS text[])) AS t WHERE to_regclass(t) IS NOT NULL ORDER BY t")
_MARCAR = text(
    "UPDATE generaciones SET estado = :estado, informe = coalesce(CAST(:informe AS jsonb), informe)"
    " WHERE proyeccion = :proyeccion AND numero = :numero"
)
# Whoever writes in it moves these first: there is no batch half way when its tables go.
_DETENER = text("SELECT FROM seguimiento WHERE application_name = ANY(:nombres) ORDER BY application_name FOR UPDATE")
_QUITAR = (
    text("DELETE FROM seguimiento WHERE application_name = ANY(:nombres)"),
    text("DELETE FROM aparcados WHERE proyeccion = :proyeccion AND generacion = :numero"),
    text("DELETE FROM generaciones WHERE proyeccion = :proyeccion AND numero = :numero"),
)


def seguimiento_de(proyeccion: str, numero: int, aplicacion: str) -> str:
    """Name under which a generation's position in an application's log is kept, 32 characters at most."""
    return f"{proyeccion}:{numero}:{aplicacion}"


@dataclass(frozen=True)
class Generacion:
    """One set of a read model's tables. ``version`` is that of the code that makes it, ``numero`` its own.

    ``estado``: ACTIVA (what readers see), EN_OBRA (being built), DETENIDA (built, and waiting for somebody's consent
    to what differs), GUARDADA (active before; follows on). ``informe`` is what its comparison told, as JSON.
    """

    proyeccion: str
    numero: int
    version: int
    esquema: str
    estado: str
    tablas: tuple[str, ...]
    aplicaciones: tuple[str, ...]
    creada_en: datetime
    activada_en: datetime | None
    informe: dict[str, Any] | None

    @property
    def esquema_propio(self) -> str:
        """The schema of its tables while it is not the active one."""
        return f"{self.proyeccion}_g{self.numero}"

    @property
    def seguimientos(self) -> list[str]:
        """The names of its positions, in one fixed order."""
        return sorted(seguimiento_de(self.proyeccion, self.numero, aplicacion) for aplicacion in self.aplicaciones)

    def __str__(self) -> str:
        return f"{self.proyeccion} (generación {self.numero}, versión {self.version})"


def todas(conexion: Connection) -> list[Generacion]:
    """All generations, by name and number."""
    return [_de(fila) for fila in conexion.execute(_TODAS)]


def de(conexion: Connection, nombre: str) -> list[Generacion]:
    """The generations of one read model, by number."""
    return [_de(fila) for fila in conexion.execute(_DE_UNA, {"nombre": nombre})]


def agregar(conexion: Connection, proyeccion: Proyeccion, numero: int, esquema: str, estado: str) -> None:
    """Make a generation: its schema, its tables, empty, and its positions at 0, in the caller's transaction.

    Tables that nobody reads yet get their indexes once they are filled.
    """
    cursor = conexion.connection.cursor()
    if esquema != PUBLICO:
        cursor.execute(f"CREATE SCHEMA {esquema}")
    for tabla in proyeccion.tablas:
        tabla.crear(cursor, esquema, indices=esquema == PUBLICO)
    aplicaciones = list(dict.fromkeys(proyeccion.aplicaciones))
    valores = {
        "proyeccion": proyeccion.nombre,
        "numero": numero,
        "version": proyeccion.version,
        "esquema": esquema,
        "estado": estado,
        "tablas": [tabla.nombre for tabla in proyeccion.tablas],
        "aplicaciones": aplicaciones,
    }
    conexion.execute(_AGREGAR, valores)
    nombres = [seguimiento_de(proyeccion.nombre, numero, aplicacion) for aplicacion in aplicaciones]
    conexion.execute(_EMPEZAR, {"nombres": nombres, "esquema": esquema})


def vigentes(proyecciones: Iterable[Proyeccion]) -> list[Proyeccion]:
    """The newest version of each read model."""
    por_version = sorted(proyecciones, key=lambda una: una.version)
    return list({una.nombre: una for una in por_version}.values())


def instalar(conexion: Connection, proyecciones: Sequence[Proyeccion]) -> None:
    """Give every read model that has no generation its first one, active and empty: the worker fills it."""
    hechas = {una.proyeccion for una in todas(conexion)}
    for proyeccion in vigentes(proyecciones):
        if proyeccion.nombre not in hechas:
            agregar(conexion, proyeccion, 1, PUBLICO, ACTIVA)


def con_codigo(proyecciones: Iterable[Proyeccion], generacion: Generacion) -> Proyeccion | None:
    """The code that makes a generation, None when it isn't here."""
    pedida = (generacion.proyeccion, generacion.version)
    return next((una for una in proyecciones if (una.nombre, una.version) == pedida), None)


def posiciones(conexion: Connection, generacion: Generacion) -> dict[str, int]:
    """Where a generation stands in each log, by application."""
    filas = conexion.execute(_POSICIONES, {"nombres": generacion.seguimientos})
    return {fila.application_name.rsplit(":", 1)[1]: fila.notification_id for fila in filas}


def tablas_que_hay(conexion: Connection, generacion: Generacion) -> list[str]:
    """A generation's tables with their schema, in one fixed order, without those that somebody dropped by hand."""
    tablas = [f"{generacion.esquema}.{tabla}" for tabla in generacion.tablas]
    return list(conexion.scalars(_QUE_HAY, {"tablas": tablas}))


def marcar(conexion: Connection, generacion: Generacion, estado: str, informe: dict[str, Any] | None = None) -> None:
    """Store a generation's state, and its report when there is a new one."""
    valores = {"proyeccion": generacion.proyeccion, "numero": generacion.numero, "estado": estado}
    conexion.execute(_MARCAR, {**valores, "informe": None if informe is None else json.dumps(informe)})


def quitar(conexion: Connection, generacion: Generacion) -> None:
    """Drop a generation that is not the active one: tables, positions, parked streams. Raises ValueError."""
    if generacion.esquema == PUBLICO:
        raise ValueError(f"{generacion} es la activa")
    conexion.execute(_DETENER, {"nombres": generacion.seguimientos})
    for consulta in _QUITAR:
        conexion.execute(consulta, {"proyeccion": generacion.proyeccion, "numero": generacion.numero,
                                    "nombres": generacion.seguimientos})  # fmt: skip
    conexion.exec_driver_sql(f"DROP SCHEMA IF EXISTS {generacion.esquema} CASCADE")


def _de(fila: Row[Any]) -> Generacion:
    return Generacion(**{**fila._mapping, "tablas": tuple(fila.tablas), "aplicaciones": tuple(fila.aplicaciones)})
