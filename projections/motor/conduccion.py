"""A generation beside the active one, brought to where the active one is by this process, whoever moved it before."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from projections.motor.conexion import conexion_propia
from projections.motor.generaciones import PUBLICO, Generacion, posiciones
from projections.motor.log import Log
from projections.motor.marcha import CONSTRUIR, ESPERAR, Aviso, Marcha
from projections.motor.proyeccion import Proyeccion
from projections.motor.seguidor import LOTE
from projections.motor.seguimiento import Lugar, PosicionDisputada, Seguimiento
from projections.motor.tabla import Tabla
from projections.motor.turno import Turno

CERCA = 1000
"""Positions behind the active generation from which on it is caught up while that one stands still."""
PACIENCIA = 10.0
"""Seconds for which an active generation that is behind the other is waited for."""
PULSO = 0.1
"""Seconds between two looks while a generation only has to keep up."""

Freno = Callable[[], None]


class ActivaDetenida(RuntimeError):
    """The active generation is behind the other one and doesn't move: no worker follows it."""


@dataclass(frozen=True)
class Taller:
    """What it takes to work on generations. ``avance`` is told how far; ``freno`` is called between batches: it may
    wait, or raise to give up."""

    proyecciones: Sequence[Proyeccion]
    logs: Mapping[str, Log]
    motor: Engine
    avance: Aviso = lambda _: None
    freno: Freno = lambda: None
    limite: int = LOTE


class Conduccion:
    """The claim on a generation, and its way along the logs."""

    def __init__(self, taller: Taller, activa: Generacion, turno: Turno, marcha: Marcha) -> None:
        self._taller, self._activa, self._turno, self._marcha = taller, activa, turno, marcha

    def acercar(self) -> None:
        """Take in what the active generation has, until next to nothing is missing."""
        while True:
            metas = self._metas()
            self._marcha.alcanzar(metas, lambda metas=metas: self._tras_lote(CONSTRUIR, metas))  # type: ignore[misc]
            self._tras_lote(CONSTRUIR, metas)
            lejos = self._metas()
            if all(meta - self._marcha.posiciones[una] < CERCA for una, meta in lejos.items()):
                return

    def igualar(self, metas: Mapping[str, int]) -> None:
        """Take in all up to these positions, of which some may have been passed already."""
        faltan = {una: metas.get(una, self._taller.logs[una].cabeza()) for una in self._marcha.posiciones}
        self._marcha.alcanzar(faltan)

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
            foto.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            with conexion_propia(motor, PUBLICO) as conexion, Session(conexion) as sesion, sesion.begin():
                detenidas = Seguimiento(motor).cercar(sesion, self._activa.seguimientos)
                self.igualar({nombre.rsplit(":", 1)[1]: posicion for nombre, posicion in detenidas.items()})
                foto.execute(text("SELECT count(*) FROM seguimiento"))
            with self.siguiendo():
                yield foto

    @contextmanager
    def siguiendo(self) -> Iterator[None]:
        """Keep up, and keep the claim, while something else takes its time. Raises what the following raised."""
        fin, fallas = threading.Event(), list[BaseException]()

        def seguir() -> None:
            try:
                while not fin.wait(PULSO):
                    self._marcha.alcanzar(self._metas(), self._turno.renovar)
                    self._turno.renovar()
            except BaseException as falla:
                fallas.append(falla)

        hilo = threading.Thread(target=seguir, name=f"{self._activa.proyeccion}: al lado", daemon=True)
        hilo.start()
        try:
            yield
        finally:
            fin.set()
            hilo.join()
        if fallas:
            raise fallas[0]

    def esperando(self) -> None:
        """Between two tries of a switch: keep up, keep the claim, and tell."""
        self.acercar()
        self._tras_lote(ESPERAR, self._metas())

    def avisar(self, fase: str) -> None:
        """Tell that a phase has begun."""
        self._taller.avance(self._marcha.avance(fase, self._metas()))

    def _tras_lote(self, fase: str, metas: Mapping[str, int]) -> None:
        self._turno.renovar()
        self._taller.avance(self._marcha.avance(fase, metas))
        self._taller.freno()

    def _metas(self) -> dict[str, int]:
        """The active generation's positions; the log's end where it doesn't follow one."""
        with self._taller.motor.connect() as conexion:
            activa = posiciones(conexion, self._activa)
        return {
            una: activa[una] if una in activa else self._taller.logs[una].cabeza() for una in self._marcha.posiciones
        }

    def _esperar_a_la_activa(self) -> None:
        limite = time.monotonic() + PACIENCIA
        while any(meta < self._marcha.posiciones[una] for una, meta in self._metas().items()):
            if time.monotonic() > limite:
                raise ActivaDetenida(f"{self._activa} no avanza: ¿hay un trabajador en marcha?")
            self._turno.renovar()
            time.sleep(PULSO / 5)


@contextmanager
def conducir(taller: Taller, activa: Generacion, otra: Generacion, codigo: Proyeccion) -> Iterator[Conduccion]:
    """Claim ``otra``, whoever moves it now, and drive it. The claim is given back at the end, unless it was lost."""
    with conexion_propia(taller.motor, otra.esquema) as conexion, Session(conexion) as sesion:
        turno = Turno(otra.seguimientos, otra.esquema, sesion)
        epoca = turno.tomar(forzar=True)
        if epoca is None:
            raise PosicionDisputada(str(otra))
        lugar = Lugar(otra.numero, otra.esquema, epoca)
        marcha = Marcha(codigo, taller.logs, taller.motor, sesion, lugar=lugar, limite=taller.limite)
        yield Conduccion(taller, activa, turno, marcha)
        turno.soltar()
