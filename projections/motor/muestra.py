"""Some streams of a read model, chosen at random, and their part of the logs and of the tables."""
# ruff: noqa: S608  # names of tables and columns come from the code's own declarations

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, text

from domain.base.agregado import Evento
from projections.motor.comparacion import Informe, comparar
from projections.motor.generaciones import PUBLICO
from projections.motor.log import FilaDelLog, Log
from projections.motor.proyeccion import Proyeccion
from projections.motor.tabla import Tabla

SEGUIDOS = 10
"""Events read at each place of a log that chance names."""


class LogDeMuestra:
    """A log as if there were these streams only, and nothing after ``hasta``, which a follower has passed."""

    def __init__(self, log: Log, streams: Collection[str], hasta: int) -> None:
        self._log = log
        self._filas = list(log.de_streams(streams, 0, hasta)) if streams else []

    def leer(self, desde: int, limite: int) -> Sequence[FilaDelLog]:
        return [fila for fila in self._filas if fila.posicion > desde][:limite]

    def de_streams(self, streams: Collection[str], desde: int, hasta: int) -> Sequence[FilaDelLog]:
        return [fila for fila in self._filas if fila.originator_id in streams and desde < fila.posicion <= hasta]

    def tipos(self, hasta: int) -> Mapping[str, int]:
        return self._log.tipos(hasta)

    def abrir(self, filas: Sequence[FilaDelLog]) -> Sequence[Evento]:
        return self._log.abrir(filas)

    def cabeza(self) -> int:
        return self._filas[-1].posicion if self._filas else 0

    def esperar_novedad(self, segundos: float) -> bool:
        return self._log.esperar_novedad(segundos)


def elegir(
    conexion: Connection, proyeccion: Proyeccion, logs: Mapping[str, Log], posiciones: Mapping[str, int], cuantos: int
) -> dict[str, set[str]]:
    """``cuantos`` streams of each table and about as many of each log, by application.

    From both, since a row that is missing can't be found in a table, nor one too many in a log.
    """
    azar = random.Random()  # noqa: S311 - nobody is to be kept from guessing what is checked
    streams: dict[str, set[str]] = {aplicacion: set() for aplicacion in proyeccion.aplicaciones}
    for conmutador in proyeccion.conmutadores:
        elegidos = streams[conmutador.aplicacion]
        if not conmutador.solo_crece:
            tabla = conmutador.tabla
            consulta = text(f"SELECT {tabla.clave} FROM public.{tabla.nombre} ORDER BY random() LIMIT :n")
            elegidos.update(conexion.scalars(consulta, {"n": cuantos}))
        log, tope = logs[conmutador.aplicacion], posiciones[conmutador.aplicacion]
        for _ in range(-(-cuantos // SEGUIDOS) if tope else 0):
            filas = log.leer(azar.randrange(tope), SEGUIDOS)
            elegidos.update(fila.originator_id for fila in filas if fila.posicion <= tope)
    return streams


def comparar_muestra(
    cursor: Any, proyeccion: Proyeccion, tabla: Tabla[Any], esquema: str, streams: Mapping[str, Collection[str]]
) -> Informe:
    """Compare what ``streams`` made in ``esquema`` with their rows in the live table, in the cursor's transaction.

    Only by the columns that follow from the row's own stream.
    """
    ajenas = {una for ajenas in proyeccion.ajenas if ajenas.tabla is tabla for una in ajenas.columnas}
    columnas = ", ".join(una for una in tabla.columnas if una not in ajenas)
    claves = [clave for (clave,) in cursor.execute(f"SELECT {tabla.clave} FROM {esquema}.{tabla.nombre}")]
    for conmutador in proyeccion.conmutadores:
        if conmutador.tabla is tabla and not conmutador.solo_crece:
            claves += streams[conmutador.aplicacion]
    cursor.execute(
        f"CREATE TEMPORARY TABLE {tabla.nombre} ON COMMIT DROP AS"
        f" SELECT {columnas} FROM {PUBLICO}.{tabla.nombre} WHERE {tabla.clave} = ANY(%s)",
        (claves,),
    )
    return replace(comparar(cursor, tabla, "pg_temp", esquema), columnas_nuevas=())
