"""How far each reader of the logs has come."""

from typing import Any, cast

from sqlalchemy import text

from domain.politicas import POLITICAS
from gateway.composicion import Sistema
from gateway.eventos.log import LogDeAplicacion
from gateway.eventos.recorder import Recorder
from projections.registro import PROYECCIONES

Fila = dict[str, Any]


def proyecciones(sistema: Sistema) -> list[Fila]:
    """One row a projection and log: its version, its position, the log's head, and how far behind it is."""
    consulta = text(
        "SELECT split_part(application_name, ':', 1) || ':' || split_part(application_name, ':', 3) AS cual,"
        " notification_id FROM seguimiento WHERE esquema = 'public'"
    )
    with sistema.motor.connect() as conexion:
        posiciones = {fila.cual: fila.notification_id for fila in conexion.execute(consulta)}
    return [
        {
            "nombre": proyeccion.nombre,
            "version": proyeccion.version,
            **_retraso(sistema, aplicacion, posiciones.get(f"{proyeccion.nombre}:{aplicacion}", 0)),
        }
        for proyeccion in PROYECCIONES
        for aplicacion in (conmutador.aplicacion for conmutador in proyeccion.conmutadores)
    ]


def reacciones(sistema: Sistema) -> list[Fila]:
    """One row a reaction, likewise."""
    filas = []
    for politica in POLITICAS:
        recorder = cast(Recorder, sistema.aplicaciones[politica.DESTINO].recorder)
        posicion = recorder.max_tracking_id(f"{politica.NOMBRE}:{politica.ORIGEN}") or 0
        filas.append({"nombre": politica.NOMBRE, **_retraso(sistema, politica.ORIGEN, posicion)})
    return filas


def aparcados(sistema: Sistema) -> int:
    """Streams that a projection or a reaction can't follow for now."""
    with sistema.motor.connect() as conexion:
        return int(conexion.scalar(text("SELECT count(*) FROM aparcados")) or 0)


def _retraso(sistema: Sistema, aplicacion: str, posicion: int) -> Fila:
    """``retraso_eventos`` counts positions, some of which may be dead; the seconds are the next event's age."""
    log = LogDeAplicacion(sistema.aplicaciones[aplicacion])
    cabeza = max(log.cabeza(), posicion)
    siguiente = log.leer(posicion, 1) if cabeza > posicion else []
    edad = (sistema.reloj() - log.abrir(siguiente)[0].timestamp).total_seconds() if siguiente else 0.0
    return {
        "modulo": sistema.aplicaciones[aplicacion].modulo,
        "posicion": posicion,
        "cabeza": cabeza,
        "retraso_eventos": cabeza - posicion,
        "retraso_segundos": round(max(edad, 0.0), 3),
        "estado": "atrasada" if siguiente else "al día",
    }
