"""How far each reader of the logs has come, and what waits."""

from collections import Counter
from dataclasses import asdict
from typing import Any, cast

from domain.politicas import POLITICAS
from gateway.composicion import Sistema
from gateway.eventos.log import logs_de
from gateway.eventos.recorder import Recorder
from projections.motor.aparcados import listar
from projections.motor.retraso import edad_del_siguiente, retrasos

Fila = dict[str, Any]


def proyecciones(sistema: Sistema, nombre: str | None = None) -> list[Fila]:
    """One row a generation of a read model and module: where it stands, the log's head, and how far behind it is.

    ``nombre``: of this read model only. Raises DBAPIError or eventsourcing's OperationalError without a database.
    """
    filas = []
    for uno in retrasos(sistema.motor, logs_de(sistema.aplicaciones), sistema.reloj()):
        if nombre in (None, uno.nombre):
            fila = asdict(uno)
            fila["modulo"] = sistema.aplicaciones[fila.pop("aplicacion")].modulo
            filas.append(fila)
    return filas


def reacciones(sistema: Sistema) -> list[Fila]:
    """One row a reaction, likewise."""
    logs, parados = logs_de(sistema.aplicaciones), aparcados(sistema)
    filas = []
    for politica in POLITICAS:
        recorder = cast(Recorder, sistema.aplicaciones[politica.DESTINO].recorder)
        posicion = recorder.max_tracking_id(f"{politica.NOMBRE}:{politica.ORIGEN}") or 0
        log = logs[politica.ORIGEN]
        cabeza = max(log.cabeza(), posicion)
        hay, segundos = edad_del_siguiente(log, posicion, sistema.reloj())
        filas.append(
            {
                "nombre": politica.NOMBRE,
                "posicion": posicion,
                "cabeza": cabeza,
                "retraso_eventos": cabeza - posicion,
                "retraso_segundos": segundos,
                "estado": "atrasada" if hay else "al día",
                "aparcados": parados.get(politica.NOMBRE, 0),
                "modulo": sistema.aplicaciones[politica.ORIGEN].modulo,
            }
        )
    return filas


def aparcados(sistema: Sistema) -> dict[str, int]:
    """Streams that can't be followed for now, by the read model or reaction that can't; those with none left out.

    One that several generations of a read model have parked counts once.
    """
    with sistema.motor.connect() as conexion:
        parados = {(uno.proyeccion, uno.aplicacion, uno.stream) for uno in listar(conexion)}
    return dict(Counter(proyeccion for proyeccion, *_ in parados))
