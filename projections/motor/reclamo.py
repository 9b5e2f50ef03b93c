"""Taking a generation into this process's hands, and the active one too where no worker follows it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from projections.motor.conduccion import Conduccion, Taller
from projections.motor.conexion import conexion_propia
from projections.motor.generaciones import Generacion, con_codigo, posiciones
from projections.motor.hilo import al_lado
from projections.motor.marcha import Marcha
from projections.motor.proyeccion import Proyeccion
from projections.motor.seguida import Seguida
from projections.motor.seguimiento import Lugar, PosicionDisputada
from projections.motor.turno import Turno

INTENTOS = 5
"""Times that a claim is tried while others claim as well."""
REANUDACIONES = 2
"""Times that work which lost its claim begins to go on by itself."""
DESALOJADA = "57P01"
"""The SQLSTATE of a connection that another one closed."""

T = TypeVar("T")


def insistir(accion: Callable[[], T]) -> T:
    """Go on when this process was stopped for so long that a worker took its generation over."""
    for _ in range(REANUDACIONES):
        try:
            return accion()
        except PosicionDisputada:
            continue
        except DBAPIError as error:
            # Who takes over a claim that ran out closes the connection of who had it.
            if getattr(error.orig, "sqlstate", None) != DESALOJADA:
                raise
    return accion()


@contextmanager
def conducir(taller: Taller, activa: Generacion, otra: Generacion, codigo: Proyeccion) -> Iterator[Conduccion]:
    """Claim ``otra``, whoever moves it now, and drive it. The claim is given back at the end, unless it was lost.

    The active generation is followed meanwhile, by this process if no worker does.
    """
    estrena = esta_vacia(taller.motor, activa)
    with nullcontext() if estrena else _seguida(taller, activa), _reclamar(taller, otra, codigo) as (turno, marcha):
        yield Conduccion(taller, activa, turno, marcha, estrena)


def esta_vacia(motor: Engine, generacion: Generacion) -> bool:
    """Whether a generation has never taken anything in."""
    with motor.connect() as conexion:
        return not any(posiciones(conexion, generacion).values())


@contextmanager
def _seguida(taller: Taller, activa: Generacion) -> Iterator[None]:
    codigo = con_codigo(taller.proyecciones, activa)
    if codigo is None:
        yield
        return
    with al_lado(lambda fin: Seguida(codigo, activa, taller.logs, taller.motor, fin).vivir(), str(activa)):
        yield


@contextmanager
def _reclamar(taller: Taller, otra: Generacion, codigo: Proyeccion) -> Iterator[tuple[Turno, Marcha]]:
    with conexion_propia(taller.motor, otra.esquema) as conexion, Session(conexion) as sesion:
        turno = Turno(otra.seguimientos, otra.esquema, sesion)
        # A worker that claims it at the same moment is told at its next batch.
        epoca = next((una for _ in range(INTENTOS) if (una := turno.tomar(forzar=True)) is not None), None)
        if epoca is None:
            raise PosicionDisputada(str(otra))
        lugar = Lugar(otra.numero, otra.esquema, epoca)
        marcha = Marcha(codigo, taller.logs, taller.motor, sesion, lugar=lugar, limite=taller.limite)
        yield turno, marcha
        turno.soltar()
