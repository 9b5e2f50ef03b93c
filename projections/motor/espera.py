"""Read your own writes: wait until query tables have taken in a position."""

import time
from collections.abc import Collection, Mapping

from sqlalchemy import Engine, text

from projections.registro import PROYECCIONES

PRIMERA_PAUSA, PAUSA_MAXIMA, CRECIMIENTO = 0.002, 0.02, 1.3
"""Seconds between two looks: what was just written is mostly there at the first or the second."""

# The active generation's positions: its tables are the ones in public.
_POSICIONES = text(
    "SELECT split_part(application_name, ':', 1) AS proyeccion, split_part(application_name, ':', 3) AS aplicacion,"
    " notification_id FROM seguimiento WHERE esquema = 'public'"
    " AND split_part(application_name, ':', 1) = ANY(:proyecciones)"
)


def esperar(motor: Engine, lectura: Collection[str], minimos: Mapping[str, int], segundos: float) -> bool:
    """Wait until every read model named in ``lectura`` has passed ``minimos`` (application name -> position).

    Applications that don't feed a read model don't matter to it. Returns False after ``segundos``.
    Raises sqlalchemy.exc.DBAPIError when the database can't be reached.
    """
    pedidas = {
        (proyeccion.nombre, aplicacion): minimos[aplicacion]
        for proyeccion in PROYECCIONES
        if proyeccion.nombre in lectura
        for aplicacion in proyeccion.aplicaciones
        if aplicacion in minimos
    }
    if not pedidas:
        return True
    limite, pausa = time.monotonic() + segundos, PRIMERA_PAUSA
    with motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        while True:
            filas = conexion.execute(_POSICIONES, {"proyecciones": [nombre for nombre, _ in pedidas]})
            hay = {(fila.proyeccion, fila.aplicacion): fila.notification_id for fila in filas}
            if all(hay.get(cual, 0) >= posicion for cual, posicion in pedidas.items()):
                return True
            if time.monotonic() + pausa > limite:
                return False
            time.sleep(pausa)
            pausa = min(pausa * CRECIMIENTO, PAUSA_MAXIMA)
