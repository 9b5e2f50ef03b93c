"""Projections under test over a database of their own, moved by hand."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from domain.base.agregado import Agregado
from projections.motor.proyeccion import Proyeccion
from projections.motor.seguidor import Seguidor
from projections.motor.seguimiento import Lugar, Seguimiento
from projections.motor.tabla import Tabla
from projections.registro import PROYECCIONES
from tests.projections.log_en_memoria import LogEnMemoria, eventos_de

LUGAR = text(
    "SELECT numero, (SELECT coalesce(max(epoca), 0) FROM seguimiento"
    " WHERE application_name LIKE :nombre || ':' || numero || ':%')"
    " FROM generaciones WHERE proyeccion = :nombre AND estado = 'activa'"
)
"""Which generation is active, and in whose turn it may be written: the one who is moving it, or nobody."""


@contextmanager
def sesion_de(motor: Engine) -> Iterator[Session]:
    """A session on a connection of its own."""
    with motor.connect() as conexion, Session(conexion) as sesion:
        yield sesion


class Lectura:
    """Three logs in memory, and what the projections make of them in the tables."""

    def __init__(self, motor: Engine, proyecciones: Sequence[Proyeccion] = PROYECCIONES) -> None:
        self.motor, self.proyecciones = motor, proyecciones
        self.logs = {nombre: LogEnMemoria() for nombre in ("clientes", "pagos", "campanias")}

    def ocurre(self, modulo: str, *agregados: Agregado) -> None:
        """What the aggregates decided stands in the module's log and in the tables."""
        self.logs[modulo].agregar(*eventos_de(*agregados))
        self.alcanzar()

    def alcanzar(self, limite: int = 5000) -> None:
        """Every projection takes in all there is, a log after the other."""
        with sesion_de(self.motor) as sesion:
            for proyeccion in self.proyecciones:
                for conmutador in proyeccion.conmutadores:
                    seguidor = self.seguidor(sesion, proyeccion, conmutador.aplicacion, limite)
                    while seguidor.avanzar():
                        pass

    def seguidor(self, sesion: Session, proyeccion: Proyeccion, aplicacion: str, limite: int = 5000) -> Seguidor:
        (conmutador,) = (uno for uno in proyeccion.conmutadores if uno.aplicacion == aplicacion)
        seguimiento = Seguimiento(self.motor)
        numero, epoca = sesion.execute(LUGAR, {"nombre": proyeccion.nombre}).one()
        sesion.commit()
        lugar = Lugar(numero, "public", epoca)
        return Seguidor(proyeccion, conmutador, self.logs[aplicacion], seguimiento, sesion, lugar=lugar, limite=limite)

    def filas(self, tabla: str, columnas: str = "*", orden: str = "1, 2") -> list[tuple[Any, ...]]:
        """A table's rows, in order."""
        with self.motor.connect() as conexion:
            consulta = text(f"SELECT {columnas} FROM {tabla} ORDER BY {orden}")  # noqa: S608 - the tests' own names
            return [tuple(fila) for fila in conexion.execute(consulta)]

    def una(self, tabla: Tabla[Any], columnas: str) -> dict[str, Any]:
        """The only row of a table, by column."""
        (fila,) = self.filas(tabla.nombre, columnas, "1")
        return dict(zip(columnas.split(", "), fila, strict=True))
