"""Read models brought to the end of their logs, by hand."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from projections.motor.conexion import conexion_propia
from projections.motor.generaciones import ACTIVA, de
from projections.motor.log import Log
from projections.motor.marcha import Marcha
from projections.motor.proyeccion import Proyeccion
from projections.motor.seguimiento import Lugar
from projections.motor.turno import Turno


def alcanzar(proyecciones: Iterable[Proyeccion], logs: Mapping[str, Log], motor: Engine) -> None:
    """As a worker does it, and gone afterwards."""
    for proyeccion in proyecciones:
        with motor.connect() as conexion:
            generacion = next(una for una in de(conexion, proyeccion.nombre) if una.estado == ACTIVA)
        with conexion_propia(motor, generacion.esquema) as conexion, Session(conexion) as sesion:
            turno = Turno(generacion.seguimientos, generacion.esquema, sesion)
            epoca = turno.tomar()
            assert epoca is not None, "otro la lleva"
            lugar = Lugar(generacion.numero, generacion.esquema, epoca)
            marcha = Marcha(proyeccion, logs, motor, sesion, lugar=lugar)
            marcha.alcanzar({aplicacion: logs[aplicacion].cabeza() for aplicacion in generacion.aplicaciones})
            turno.soltar()
