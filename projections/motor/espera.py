"""Read your own writes: wait until query tables have taken in a position."""

import time
from collections.abc import Collection, Mapping

from sqlalchemy import Engine, text

from projections.registro import PROYECCIONES

PRIMERA_PAUSA, PAUSA_MAXIMA, CRECIMIENTO = 0.002, 0.02, 1.3
"""Seconds between two looks: what was just written is mostly there at the first or the second."""

_POSICIONES = text("SELECT application_name, notification_id FROM seguimiento WHERE application_name = ANY(:nombres)")


def esperar(motor: Engine, lectura: Collection[str], minimos: Mapping[str, int], segundos: float) -> bool:
    """Wait until every read model named in ``lectura`` has passed ``minimos`` (application name -> position).

    Applications that don't feed a read model don't matter to it. Returns False after ``segundos``.
    Raises sqlalchemy.exc.DBAPIError when the database can't be reached.
    """
    pedidas = {
        proyeccion.seguimiento(conmutador.aplicacion): minimos[conmutador.aplicacion]
        for proyeccion in PROYECCIONES
        if proyeccion.nombre in lectura
        for conmutador in proyeccion.conmutadores
        if conmutador.aplicacion in minimos
    }
    if not pedidas:
        return True
    limite, pausa = time.monotonic() + segundos, PRIMERA_PAUSA
    with motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        while True:
            filas = conexion.execute(_POSICIONES, {"nombres": list(pedidas)})
            hay = {fila.application_name: fila.notification_id for fila in filas}
            if all(hay.get(nombre, 0) >= posicion for nombre, posicion in pedidas.items()):
                return True
            if time.monotonic() + pausa > limite:
                return False
            time.sleep(pausa)
            pausa = min(pausa * CRECIMIENTO, PAUSA_MAXIMA)
