"""Streams that a projection can't follow for now: from the failing event on, their events wait."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from traceback import walk_tb
from typing import Any

from sqlalchemy import Connection, text

from projections.motor.log import FilaDelLog

_DE_ESTOS = (
    "SELECT stream FROM aparcados WHERE proyeccion = %(proyeccion)s AND generacion = %(generacion)s"
    " AND aplicacion = %(aplicacion)s AND stream = ANY(%(streams)s)"
)
# In bulk: where a handler is at fault, all streams of a batch fail at once, and the claim runs out within seconds.
_APARCAR = (
    "INSERT INTO aparcados (proyeccion, generacion, aplicacion, stream, posicion, ultima_posicion, eventos, error)"
    " SELECT %(proyeccion)s, %(generacion)s, %(aplicacion)s, stream, posicion, posicion, 0, error"
    " FROM unnest(CAST(%(streams)s AS text[]), CAST(%(posiciones)s AS bigint[]), CAST(%(errores)s AS text[]))"
    " AS nuevos (stream, posicion, error)"
)
_ESPERAR = (
    "UPDATE aparcados a SET eventos = a.eventos + e.eventos, ultima_posicion = e.ultima"
    " FROM unnest(CAST(%(streams)s AS text[]), CAST(%(cuantos)s AS bigint[]), CAST(%(ultimas)s AS bigint[]))"
    " AS e (stream, eventos, ultima) WHERE a.proyeccion = %(proyeccion)s"
    " AND a.generacion = %(generacion)s AND a.aplicacion = %(aplicacion)s AND a.stream = e.stream"
)
_LISTAR = text(
    "SELECT proyeccion, generacion, aplicacion, stream, posicion, ultima_posicion, eventos, error, aparcado_en"
    " FROM aparcados WHERE (CAST(:proyeccion AS text) IS NULL OR proyeccion = :proyeccion)"
    " AND (CAST(:stream AS text) IS NULL OR stream = :stream)"
    " ORDER BY proyeccion, generacion, aplicacion, posicion, stream"
)
DE_REACCION = 0
"""The generation of what reactions park, which share the table and have no generations."""


@dataclass(frozen=True, slots=True)
class Aparcado:
    """A parked stream: ``posicion`` is its failing event's, ``eventos`` is how many have been passed since, with it.

    ``proyeccion`` is a reaction's name where ``generacion`` is DE_REACCION. ``error`` never tells data.
    """

    proyeccion: str
    generacion: int
    aplicacion: str
    stream: str
    posicion: int
    ultima_posicion: int
    eventos: int
    error: str
    aparcado_en: datetime

    @property
    def de_reaccion(self) -> bool:
        return self.generacion == DE_REACCION


def listar(conexion: Connection, proyeccion: str | None = None, stream: str | None = None) -> list[Aparcado]:
    """What is parked: all, or of one read model or reaction, or of one stream; in the order of the logs."""
    filas = conexion.execute(_LISTAR, {"proyeccion": proyeccion, "stream": stream})
    return [Aparcado(*fila) for fila in filas]


@dataclass(frozen=True, slots=True)
class Fallo:
    """Why a stream stops at a position. ``error`` names the kind and the place, never the data."""

    posicion: int
    error: str


@dataclass(frozen=True)
class Aparcamiento:
    """What one generation of a projection has parked of one application's log. On the driver's own cursor."""

    proyeccion: str
    generacion: int
    aplicacion: str

    def de_estos(self, cursor: Any, streams: Collection[str]) -> set[str]:
        """Those of the streams that are parked."""
        cursor.execute(_DE_ESTOS, {**vars(self), "streams": list(streams)})
        return {stream for (stream,) in cursor.fetchall()}

    def aparcar(self, cursor: Any, fallos: dict[str, Fallo]) -> None:
        """Park streams, each from its failing event on."""
        if fallos:
            valores = {
                "streams": list(fallos),
                "posiciones": [fallo.posicion for fallo in fallos.values()],
                "errores": [fallo.error for fallo in fallos.values()],
            }
            cursor.execute(_APARCAR, {**vars(self), **valores})

    def anotar(self, cursor: Any, esperan: Iterable[FilaDelLog]) -> None:
        """Count events of parked streams that were passed."""
        esperan = list(esperan)
        ultimas = {fila.originator_id: fila.posicion for fila in esperan}
        if esperan:
            cuantos = Counter(fila.originator_id for fila in esperan)
            valores = {
                "streams": list(ultimas),
                "cuantos": [cuantos[stream] for stream in ultimas],
                "ultimas": list(ultimas.values()),
            }
            cursor.execute(_ESPERAR, {**vars(self), **valores})


def describir(error: BaseException) -> str:
    """Kind of an error, what it broke, and where our code met it. Its message, which may hold data, is left out."""
    codigo: Any = getattr(error, "sqlstate", None) or getattr(error, "codigo", None)
    restriccion: Any = getattr(getattr(error, "diag", None), "constraint_name", None)
    pasos = [(paso.f_code.co_filename, linea) for paso, linea in walk_tb(error.__traceback__)]
    propios = [(archivo, linea) for archivo, linea in pasos if "site-packages" not in archivo]
    lugares = [f" en {archivo.rpartition('/')[2]}:{linea}" for archivo, linea in propios or pasos]
    detalle = f"{f' [{codigo}]' if codigo else ''}{f' {restriccion}' if restriccion else ''}"
    return f"{type(error).__name__}{detalle}{lugares[-1] if lugares else ''}"
