"""A generation beside the active one, brought to where the active one is by this process, whoever moved it before."""

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text

from projections.motor.conexion import conexion_propia
from projections.motor.generaciones import PUBLICO, Generacion, posiciones
from projections.motor.hilo import al_lado
from projections.motor.log import Log
from projections.motor.marcha import CONSTRUIR, ESPERAR, LISTO, Aviso, Marcha
from projections.motor.proyeccion import Proyeccion
from projections.motor.quietud import CERCA, TurnoAgotado, lejos, quieta, turno
from projections.motor.seguidor import LOTE
from projections.motor.tabla import Tabla
from projections.motor.turno import Turno

PACIENCIA = 10.0
"""Seconds for which an active generation that is behind the other, or behind the log's ends, is waited for."""
PULSO = 0.1
"""Seconds between two looks while a generation only has to keep up."""
MEMORIA = "256MB"
"""For making an index: within it no run is spilled to disk below some millions of rows."""

Freno = Callable[[], None]


class ActivaDetenida(RuntimeError):
    """The active generation is behind the other one and doesn't move: no worker follows it."""


@dataclass(frozen=True)
class Taller:
    """What it takes to work on generations. ``avance`` is told how far; ``freno`` is called between batches: it may
    wait, or raise to give up. ``paciencia``: seconds for which what doesn't come nearer is waited for."""

    proyecciones: Sequence[Proyeccion]
    logs: Mapping[str, Log]
    motor: Engine
    avance: Aviso = lambda _: None
    freno: Freno = lambda: None
    limite: int = LOTE
    paciencia: float = PACIENCIA


class Conduccion:
    """The claim on a generation, and its way along the logs.

    The active generation is what it goes by: it never passes it, so that both can be compared at one position. An
    active one that is empty is gone by no more: the logs' ends are.
    """

    def __init__(self, taller: Taller, activa: Generacion, turno: Turno, marcha: Marcha, estrena: bool) -> None:
        self._taller, self._activa, self._turno, self._marcha = taller, activa, turno, marcha
        self.estrena = estrena

    def acercar(self) -> None:
        """Take in what the active generation has, until next to nothing is missing, and it has come to the logs' ends.

        Under writers who are faster than one of the two that may never be. So it ends too once ``paciencia`` has
        passed since the distance to the active one was last halved.
        """
        falta, limite = math.inf, math.inf

        def tras_lote() -> None:
            self._tras_lote(CONSTRUIR)
            if time.monotonic() > limite:
                raise TurnoAgotado

        with suppress(TurnoAgotado):
            while True:
                metas = self._metas()
                self._marcha.alcanzar(metas, tras_lote)
                tras_lote()
                ahora = self._metas()
                queda = max(lejos(ahora, self._marcha.posiciones), CERCA)
                if queda <= falta / 2:
                    falta, limite = queda, time.monotonic() + self._taller.paciencia
                if queda == CERCA and lejos(self._cabezas(), ahora) < CERCA:
                    return
                if metas == ahora:
                    time.sleep(PULSO / 5)

    def indexar(self) -> None:
        """Make the indexes that the driven generation lacks, keeping the claim, and take in what came meanwhile."""
        creaciones = [creacion for tabla in self.tablas for creacion in self._faltan(tabla)]
        for creacion in creaciones:
            # Following would wait for the index anyway.
            with (
                self._entretanto(lambda _: self._turno.renovar()),
                conexion_propia(self._taller.motor, PUBLICO) as conexion,
            ):
                conexion.exec_driver_sql(f"SET maintenance_work_mem = '{MEMORIA}'")
                conexion.exec_driver_sql(creacion)
                conexion.commit()
            self._taller.freno()
        if creaciones:
            self.acercar()

    def igualar(self, metas: Mapping[str, int]) -> None:
        """Take in all up to these positions, of which some may have been passed already. Raises TurnoAgotado."""
        self._tomar(metas, turno())

    @property
    def tablas(self) -> tuple[Tabla[Any], ...]:
        """The tables that the driven generation has."""
        return self._marcha.proyeccion.tablas

    @contextmanager
    def quietas(self) -> Iterator[Connection]:
        """A snapshot in which both generations stand at the same positions; both go on meanwhile.

        Raises ActivaDetenida when the active one is behind, and stays there.
        """
        motor = self._taller.motor
        self._esperar_a_la_activa()
        with conexion_propia(motor, PUBLICO) as foto, foto.begin():
            foto.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            foto.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '60s'")
            with quieta(motor, self._activa, self._tomar):
                foto.execute(text("SELECT count(*) FROM seguimiento"))
            with self.siguiendo():
                yield foto

    def siguiendo(self) -> AbstractContextManager[None]:
        """Keep up, and keep the claim, while something else takes its time. Raises what the following raised."""

        def seguir(fin: threading.Event) -> None:
            def tras_lote() -> None:
                self._turno.renovar()
                if fin.is_set():
                    raise TurnoAgotado

            with suppress(TurnoAgotado):
                self._marcha.alcanzar(self._metas(), tras_lote)
                tras_lote()

        return self._entretanto(seguir)

    def _entretanto(self, hacer: Callable[[threading.Event], None]) -> AbstractContextManager[None]:
        def repetir(fin: threading.Event) -> None:
            while not fin.wait(PULSO):
                hacer(fin)

        return al_lado(repetir, f"{self._activa.proyeccion}: al lado")

    def esperando(self) -> None:
        """Between two tries of a switch: catch up, keep the claim, and tell."""
        with suppress(TurnoAgotado):
            self._marcha.alcanzar(self._metas(), turno())
        with quieta(self._taller.motor, self._activa, self._tomar):
            pass
        self._tras_lote(ESPERAR)

    def avisar(self, fase: str) -> None:
        """Tell that a phase has begun."""
        metas = self._marcha.posiciones if fase == LISTO else self._cabezas()
        self._taller.avance(self._marcha.avance(fase, metas))

    def _tomar(self, metas: Mapping[str, int], tras_lote: Callable[[], None]) -> None:
        faltan = {una: metas.get(una, self._taller.logs[una].cabeza()) for una in self._marcha.posiciones}
        self._marcha.alcanzar(faltan, tras_lote)

    def _faltan(self, tabla: Tabla[Any]) -> list[str]:
        with self._taller.motor.connect() as conexion:
            return tabla.indices_que_faltan(conexion.connection.cursor(), self._marcha.lugar.esquema)

    def _tras_lote(self, fase: str) -> None:
        self._turno.renovar()
        self.avisar(fase)
        self._taller.freno()

    def _metas(self) -> dict[str, int]:
        """The active generation's positions; the log's end where it doesn't follow one, or is empty."""
        cabezas = self._cabezas()
        if self.estrena:
            return cabezas
        with self._taller.motor.connect() as conexion:
            return {
                **cabezas,
                **{una: hay for una, hay in posiciones(conexion, self._activa).items() if una in cabezas},
            }

    def _cabezas(self) -> dict[str, int]:
        return {una: self._taller.logs[una].cabeza() for una in self._marcha.posiciones}

    def _esperar_a_la_activa(self) -> None:
        limite = time.monotonic() + self._taller.paciencia
        while any(meta < self._marcha.posiciones[una] for una, meta in self._metas().items()):
            if time.monotonic() > limite:
                raise ActivaDetenida(f"{self._activa} no avanza: ¿hay un trabajador en marcha?")
            self._turno.renovar()
            time.sleep(PULSO / 5)
