"""One generation in one worker: claimed when nobody else has it, and followed until it is gone."""

import logging
import threading
from collections.abc import Mapping
from queue import Empty, SimpleQueue

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from projections.motor.conexion import conexion_propia, preparar
from projections.motor.generaciones import Generacion, de
from projections.motor.log import Log
from projections.motor.marcha import Marcha
from projections.motor.proyeccion import Proyeccion
from projections.motor.seguimiento import Lugar, PosicionDisputada, Seguimiento
from projections.motor.turno import SONDEO as MIRADA
from projections.motor.turno import Turno

SONDEO = 0.25
"""Seconds after which a log is looked at without a hint."""
DESCANSO, DESCANSO_MAXIMO = 0.00025, 0.25
"""Seconds of rest for each event of a batch, and at most: the faster events come, the more share a transaction."""
BASTANTES = 2000
"""Events of a batch after which there is no rest: there is much to make up for."""
PRIMERA_ESPERA, ESPERA_MAXIMA = 0.1, 5.0
"""Seconds before going on after a failure: doubled each time, up to the second."""

_bitacora = logging.getLogger(__name__)


class Seguida:
    """``proyeccion`` is the code of the generation's own version."""

    def __init__(
        self,
        proyeccion: Proyeccion,
        generacion: Generacion,
        logs: Mapping[str, Log],
        motor: Engine,
        parar: threading.Event,
    ) -> None:
        self._proyeccion, self._generacion = proyeccion, generacion
        self._logs, self._motor, self._parar = logs, motor, parar
        self.aplicaciones = frozenset(proyeccion.aplicaciones)
        self._novedades: SimpleQueue[str] = SimpleQueue()

    def avisar(self, aplicacion: str) -> None:
        """Its log may have grown."""
        self._novedades.put(aplicacion)

    def vivir(self) -> None:
        """Follow until told to stop, or until the generation is gone. Nothing else that fails ends it."""
        espera = PRIMERA_ESPERA
        while not self._parar.is_set():
            try:
                actual = self._actual()
                if actual is None:
                    return
                self._generacion = actual
                self._trabajar()
                espera = PRIMERA_ESPERA
            except PosicionDisputada:
                # Another worker took it over, or its tables were switched: look again where it stands.
                _bitacora.info("%s: cambió de dueño o de lugar", self._generacion)
            except Exception:
                _bitacora.exception("%s: se interrumpió; se vuelve a intentar en %.1f s", self._generacion, espera)
                self._parar.wait(espera)
                espera = min(espera * 2, ESPERA_MAXIMA)

    def _trabajar(self) -> None:
        esquema = self._generacion.esquema
        with conexion_propia(self._motor, esquema) as conexion, Session(conexion) as sesion:
            preparar(conexion)
            with sesion.begin():
                Seguimiento(self._motor).abrir(sesion, self._generacion.seguimientos, esquema)
            turno = Turno(self._generacion.seguimientos, esquema, sesion)
            while (epoca := turno.tomar()) is None:
                if self._parar.wait(MIRADA) or self._movida(sesion):
                    return
            lugar = Lugar(self._generacion.numero, esquema, epoca)
            self._seguir(Marcha(self._proyeccion, self._logs, self._motor, sesion, lugar=lugar), turno)
            turno.soltar()

    def _seguir(self, marcha: Marcha, turno: Turno) -> None:
        por_leer = set(self.aplicaciones)
        while not self._parar.is_set():
            pasados = {aplicacion: marcha.avanzar(aplicacion) for aplicacion in por_leer}
            por_leer = {aplicacion for aplicacion, cuantos in pasados.items() if cuantos}
            # Where events never cease too: a batch renews the claim on its own log alone.
            turno.renovar()
            if por_leer:
                self._descansar(sum(pasados.values()))
            else:
                por_leer = self._esperar() or set(self.aplicaciones)
            por_leer |= self._llegadas()

    def _descansar(self, pasados: int) -> None:
        """Let the next events gather: a transaction costs as much as some fifty events in it."""
        if pasados < BASTANTES:
            self._parar.wait(max(self._proyeccion.reposo, min(pasados * DESCANSO, DESCANSO_MAXIMO)))

    def _actual(self) -> Generacion | None:
        with self._motor.connect() as conexion:
            return self._entre(de(conexion, self._generacion.proyeccion))

    def _movida(self, sesion: Session) -> bool:
        with sesion.begin():
            actual = self._entre(de(sesion.connection(), self._generacion.proyeccion))
        return actual is None or actual.esquema != self._generacion.esquema

    def _entre(self, generaciones: list[Generacion]) -> Generacion | None:
        return next((una for una in generaciones if una.creada_en == self._generacion.creada_en), None)

    def _esperar(self) -> set[str]:
        """The application that a hint tells of; none when the time has come to look without one."""
        try:
            return {self._novedades.get(timeout=SONDEO)}
        except Empty:
            return set()

    def _llegadas(self) -> set[str]:
        """The hints that have come meanwhile."""
        return {self._novedades.get() for _ in range(self._novedades.qsize())}
