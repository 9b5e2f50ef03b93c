"""The library's own way to the same tables: its ProjectionRunner and its tracking, one event a transaction."""

import warnings
from time import perf_counter
from typing import Any, cast

from eventsourcing.persistence import Tracking
from eventsourcing.projection import BaseProjectionRunner, Projection
from eventsourcing_sqlalchemy.datastore import SQLAlchemyDatastore
from eventsourcing_sqlalchemy.recorders import SQLAlchemyTrackingRecorder
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import sessionmaker

from domain.base.aplicacion import Aplicacion
from gateway.composicion import Sistema
from projections.motor.escritura import escribir, traer
from projections.motor.proyeccion import Cambios, Conmutador, Proyeccion
from projections.registro import PROYECCIONES
from tests.eventualmente import eventualmente

ESQUEMA = "de_serie"
Vista = SQLAlchemyTrackingRecorder


class _UnoPorUno(Projection[Vista]):
    """A read model's handlers on one event: fetch its row, fold, write, and the position, in one transaction."""

    def __init__(self, vista: Vista, proyeccion: Proyeccion, conmutador: Conmutador[Any], hasta: int) -> None:
        super().__init__(vista)
        self._proyeccion, self._conmutador, self._hasta = proyeccion, conmutador, hasta
        self.topics = ()
        self.inicio = self.fin = 0.0

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        if tracking.notification_id > self._hasta:
            self.fin = self.fin or perf_counter()
            return
        self.inicio = self.inicio or perf_counter()
        with self.view.transaction(commit=True) as sesion:
            self.view._insert_tracking(sesion, tracking)
            conexion: Any = sesion.connection().connection.dbapi_connection
            self._aplicar(conexion.cursor(binary=True), domain_event, tracking.notification_id)
        if tracking.notification_id == self._hasta:
            self.fin = perf_counter()

    def _aplicar(self, cursor: Any, evento: Any, posicion: int) -> None:
        conmutador, derivacion = self._conmutador, self._proyeccion.derivacion
        if evento.TOPIC in conmutador.ignorados:
            return
        claves = [evento.originator_id]
        antes = {} if conmutador.solo_crece else traer(cursor, conmutador.tabla, claves)
        ahora = {} if conmutador.solo_crece else traer(cursor, conmutador.tabla, claves)
        cambios: Cambios[Any] = Cambios(conmutador.tabla, antes, ahora)
        linea = conmutador.aplicar(ahora, evento, posicion)
        if linea is not None:
            cambios.lineas.append(linea)
        if derivacion is not None:
            derivacion.completar(cursor, cambios)
        escribir(cursor, cambios, self._proyeccion.lineas)
        if derivacion is not None:
            derivacion.extender(cursor, cambios)


def segundos(sistema: Sistema, hasta: dict[str, int]) -> float:
    """Build all tables from the events up to these positions, by application; return how long its runners worked."""
    motor = _motor(sistema)
    try:
        with motor.begin() as conexion:
            conexion.exec_driver_sql(f"DROP SCHEMA IF EXISTS {ESQUEMA} CASCADE")
            conexion.exec_driver_sql(f"CREATE SCHEMA {ESQUEMA}")
            for proyeccion in PROYECCIONES:
                for tabla in proyeccion.tablas:
                    tabla.crear(conexion.connection.cursor(), ESQUEMA)
        with warnings.catch_warnings():
            # The engine's own tracking table is of a class of the same name.
            warnings.simplefilter("ignore", SAWarning)
            vista = Vista(SQLAlchemyDatastore(session_maker=sessionmaker(motor)), schema_name=ESQUEMA)
        vista.create_table()
        return sum(
            _correr(sistema, vista, proyeccion, conmutador, hasta[conmutador.aplicacion])
            for proyeccion in PROYECCIONES
            for conmutador in proyeccion.conmutadores
        )
    finally:
        motor.dispose()


def _correr(sistema: Sistema, vista: Vista, proyeccion: Proyeccion, conmutador: Conmutador[Any], hasta: int) -> float:
    with vista.transaction(commit=True) as sesion:
        # Each begins at the start, under the one name that the library gives a log.
        sesion.query(vista.tracking_record_cls).delete()
    trabajo = _UnoPorUno(vista, proyeccion, conmutador, hasta)
    aplicacion = _lectora(sistema, conmutador.aplicacion)
    with BaseProjectionRunner(
        projection=trabajo, application_class=aplicacion, tracking_recorder=vista, topics=()
    ) as corredor:
        eventualmente(lambda: trabajo.fin or corredor.is_interrupted.is_set(), bool, segundos=300)
    return trabajo.fin - trabajo.inicio


def _lectora(sistema: Sistema, nombre: str) -> type[Aplicacion]:
    """The application's class as the runner makes it, over the store of ``sistema``: the same mapper and keys."""

    def iniciar(self: Aplicacion, env: Any = None) -> None:
        Aplicacion.__init__(self, sistema.tienda.fabrica, sistema.reloj)

    return cast(type[Aplicacion], type(nombre, (Aplicacion,), {"name": nombre, "modulo": nombre, "__init__": iniciar}))


def _motor(sistema: Sistema) -> Engine:
    motor = create_engine(sistema.motor.url, connect_args={"prepare_threshold": None})

    @event.listens_for(motor, "connect")
    def _(conexion: Any, _: Any) -> None:
        conexion.execute(f"SET search_path = {ESQUEMA}, public")
        conexion.commit()

    return motor
