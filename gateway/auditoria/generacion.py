"""The tables that readers see now."""

from sqlalchemy import Connection

from projections.motor import generaciones
from projections.motor.generaciones import ACTIVA, Generacion
from projections.motor.reconstruccion import SinGeneracion


def activa(conexion: Connection, nombre: str) -> Generacion:
    """The active generation of a read model. Raises SinGeneracion when its tables were never made."""
    for una in generaciones.de(conexion, nombre):
        if una.estado == ACTIVA:
            return una
    raise SinGeneracion(f"{nombre} no tiene tablas: ejecute alpes migrar")
