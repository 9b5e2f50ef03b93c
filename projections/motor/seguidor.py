"""A projection following one log: read a batch, fold it, store rows and position in one transaction."""

import logging
import time
from bisect import bisect_right
from contextlib import nullcontext
from itertools import islice
from typing import Any

from eventsourcing.persistence import PersistenceError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from projections.motor.aparcados import Aparcamiento, Fallo, describir
from projections.motor.conexion import del_driver
from projections.motor.escritura import POCAS, escribir
from projections.motor.generaciones import seguimiento_de
from projections.motor.log import FilaDelLog, Log
from projections.motor.lote import Hecho, abrir, doblar
from projections.motor.proyeccion import Conmutador, Proyeccion
from projections.motor.seguimiento import Lugar, Seguimiento

LOTE = 5000
"""Events a transaction, at most."""
LENTO = 1.0
"""Seconds that a batch should take at most: longer ones would outlast the claim on the projection."""
DICHOS = 5
"""Streams of a batch that are named when they are parked: where everything fails, a few say why."""

_bitacora = logging.getLogger(__name__)


class Seguidor:
    """Moves one projection along one log. Any number may exist: the position's compare-and-set lets one pass."""

    def __init__(
        self,
        proyeccion: Proyeccion,
        conmutador: Conmutador[Any],
        log: Log,
        seguimiento: Seguimiento,
        sesion: Session,
        *,
        lugar: Lugar,
        limite: int = LOTE,
    ) -> None:
        """``sesion`` is bound to one psycopg connection on which names mean the tables at ``lugar``, kept for the
        seguidor's life. Reads the position."""
        self._proyeccion, self._conmutador, self._log = proyeccion, conmutador, log
        self._seguimiento, self._sesion = seguimiento, sesion
        self._maximo = self._limite = limite
        self._lugar = lugar
        self._nombre = seguimiento_de(proyeccion.nombre, lugar.numero, conmutador.aplicacion)
        self._todos = sorted(seguimiento_de(proyeccion.nombre, lugar.numero, una) for una in proyeccion.aplicaciones)
        self._aparcamiento = Aparcamiento(proyeccion.nombre, lugar.numero, conmutador.aplicacion)
        self._driver: Any = sesion.get_bind().dialect.loaded_dbapi  # psycopg
        self._rechazos = (self._driver.DataError, self._driver.IntegrityError)
        self._de_paso = (self._driver.Error, SQLAlchemyError, PersistenceError, OSError, MemoryError)
        with sesion.begin():
            seguimiento.abrir(sesion, [self._nombre], lugar.esquema)
            self.posicion = seguimiento.posicion(sesion, self._nombre)

    def avanzar(self, hasta: int | None = None) -> int:
        """Take in the next batch; return how many events of the log were passed, 0 when there is nothing new.

        ``hasta``: a position beyond which nothing is taken.
        Raises PosicionDisputada when another worker was first, and the driver's errors when the database can't be
        used; the seguidor is of no more use then.
        """
        inicio = time.monotonic()
        filas = self._log.leer(self.posicion, self._limite)
        if hasta is not None:
            filas = filas[: bisect_right(filas, hasta, key=lambda fila: fila.posicion)]
        if not filas:
            return 0
        hechos = abrir(
            self._log, [fila for fila in filas if fila.topic not in self._conmutador.ignorados], self._de_paso
        )
        try:
            self._guardar(filas[-1].posicion, hechos, {})
        except self._rechazos as error:
            if len(hechos) > 1:
                # Something in these rows the database refuses: close in on it.
                self._limite = max(1, len(filas) // 2)
                return self.avanzar(hasta)
            self._rechazar(filas[-1].posicion, hechos, error)
        if time.monotonic() - inicio > LENTO:
            self._limite = max(1, len(filas) // 2)
        else:
            self._limite = min(self._maximo, self._limite * 2)
        return len(filas)

    def _rechazar(self, hasta: int, hechos: list[Hecho], error: Exception) -> None:
        """Park the one event that the database refuses."""
        culpable = hechos[0][0]
        rechazados = {culpable.originator_id: Fallo(culpable.posicion, describir(error))}
        try:
            self._guardar(hasta, hechos, rechazados)
        except self._rechazos:
            # Nor does it take a row without the person whom the event forgets.
            self._guardar(hasta, hechos, rechazados, escribe=False)

    def _guardar(self, hasta: int, hechos: list[Hecho], rechazados: dict[str, Fallo], *, escribe: bool = True) -> None:
        # What a few events need is sent without waiting for each answer, the end too; COPY can't be.
        with (
            self._sesion.begin(),
            del_driver(self._sesion) as conexion,
            conexion.pipeline() if len(hechos) <= POCAS else nullcontext(),
        ):
            fallos = self._tomar(conexion.cursor(binary=True), hasta, hechos, rechazados, escribe=escribe)
            conexion.execute("COMMIT")
        self.posicion = hasta
        for stream, fallo in islice(fallos.items(), DICHOS):
            _bitacora.error("%s aparca %s en %d: %s", self._nombre, stream, fallo.posicion, fallo.error)
        if len(fallos) > DICHOS:
            _bitacora.error("%s aparca %d flujos más", self._nombre, len(fallos) - DICHOS)

    def _tomar(
        self, cursor: Any, hasta: int, hechos: list[Hecho], rechazados: dict[str, Fallo], *, escribe: bool
    ) -> dict[str, Fallo]:
        hay_aparcados = self._seguimiento.mover(
            self._sesion, self._nombre, self.posicion, hasta, self._lugar, cercadas=self._todos
        )
        if not hechos:
            return {}
        aparcamiento, streams = self._aparcamiento, {fila.originator_id for fila, _ in hechos}
        aparcados = aparcamiento.de_estos(cursor, streams) if hay_aparcados else set()
        fallos = {stream: fallo for stream, fallo in rechazados.items() if stream not in aparcados}
        if escribe:
            fallos |= self._escribir(cursor, hechos, aparcados | rechazados.keys())
        aparcamiento.aparcar(cursor, fallos)
        aparcamiento.anotar(cursor, _los_que_esperan(hechos, aparcados, fallos))
        return fallos

    def _escribir(self, cursor: Any, hechos: list[Hecho], aparcados: set[str]) -> dict[str, Fallo]:
        cambios, fallos = doblar(cursor, self._conmutador, hechos, aparcados)
        derivacion = self._proyeccion.derivacion
        if derivacion is not None:
            derivacion.completar(cursor, cambios)
        escribir(cursor, cambios, self._proyeccion.lineas)
        if derivacion is not None:
            derivacion.extender(cursor, cambios)
        return fallos


def _los_que_esperan(hechos: list[Hecho], aparcados: set[str], fallos: dict[str, Fallo]) -> list[FilaDelLog]:
    return [
        fila
        for fila, _ in hechos
        if fila.originator_id in aparcados
        or (fila.originator_id in fallos and fila.posicion >= fallos[fila.originator_id].posicion)
    ]
