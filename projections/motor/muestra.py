"""Some streams of a read model, chosen at random, and their part of the logs and of the tables."""
# ruff: noqa: S608  # names of tables and columns come from the code's own declarations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
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
"""Events read in a row at each place of a log that chance names."""
_HAY = text("SELECT to_regclass(:tabla) IS NOT NULL")


class LogDeMuestra:
    """A log as if there were these streams only, and nothing after ``hasta``, which a follower has passed."""

    def __init__(self, log: Log, streams: Collection[str], hasta: int) -> None:
        self._log = log
        self._filas = list(log.de_streams(streams, 0, hasta)) if streams else []

    def leer(self, desde: int, limite: int) -> Sequence[FilaDelLog]:
        return [fila for fila in self._filas if fila.posicion > desde][:limite]

    def siguiente(self, desde: int) -> Sequence[FilaDelLog]:
        return self.leer(desde, 1)

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
    """``cuantos`` streams of each table and those of about as many events of each log, by application.

    From both, since a row that is missing can't be found in a table, nor one too many in a log. A log of no more
    than ``cuantos`` positions is taken whole.
    """
    streams: dict[str, set[str]] = {aplicacion: set() for aplicacion in proyeccion.aplicaciones}
    for conmutador in proyeccion.conmutadores:
        elegidos = streams[conmutador.aplicacion]
        tabla = conmutador.tabla
        # One that somebody dropped is an empty one.
        if not conmutador.solo_crece and conexion.scalar(_HAY, {"tabla": f"{PUBLICO}.{tabla.nombre}"}):
            consulta = text(f"SELECT {tabla.clave} FROM public.{tabla.nombre} ORDER BY random() LIMIT :n")
            elegidos.update(conexion.scalars(consulta, {"n": cuantos}))
        log, tope = logs[conmutador.aplicacion], posiciones[conmutador.aplicacion]
        for lugar in _lugares(tope, -(-cuantos // SEGUIDOS)):
            filas = log.leer(lugar, SEGUIDOS)
            elegidos.update(fila.originator_id for fila in filas if fila.posicion <= tope)
    return streams


def _lugares(tope: int, partes: int) -> Iterator[int]:
    """A place in each of so many equal parts of a log; its beginning, where no more is in it than is read.

    One from each part, since places drawn from the whole leave parts of a small log out.
    """
    azar = random.Random()  # noqa: S311 - nobody is to be kept from guessing what is checked
    partes = min(partes, tope)
    for parte in range(partes):
        desde, hasta = parte * tope // partes, (parte + 1) * tope // partes
        yield desde if hasta - desde <= SEGUIDOS else azar.randrange(desde, hasta)


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
    if cursor.execute("SELECT to_regclass(%s)", (f"{PUBLICO}.{tabla.nombre}",)).fetchone()[0] is not None:
        cursor.execute(
            f"CREATE TEMPORARY TABLE {tabla.nombre} ON COMMIT DROP AS"
            f" SELECT {columnas} FROM {PUBLICO}.{tabla.nombre} WHERE {tabla.clave} = ANY(%s)",
            (claves,),
        )
    return replace(comparar(cursor, tabla, "pg_temp", esquema), columnas_nuevas=())
