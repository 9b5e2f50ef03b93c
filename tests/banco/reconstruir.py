"""Rebuilding all read models: the engine, the library's own runner, and SQL written by hand for these very events."""

from functools import partial
from time import perf_counter

import psycopg

from gateway.cli.siembra import sembrar
from gateway.composicion import Sistema, construir
from gateway.config import Config
from gateway.eventos.log import logs_de
from projections.motor.de_a_dos import de_a_dos
from projections.motor.obra import deshacer, doblar_en
from projections.motor.proyeccion import Proyeccion
from projections.motor.trabajador import preparar_proceso
from projections.registro import PROYECCIONES
from tests.banco import con_sql, de_serie
from tests.banco.medir import Razon, comparar

CANTIDAD = 22_000
"""Clients, campaigns and payouts: about 200,000 events."""
DE_SERIE = 1_000
"""Events of which the library's runner is timed: it takes minutes for more."""
RONDAS = 3
ESQUEMA_SQL = "banco_sql"


def medir(config: Config, rondas: int) -> list[Razon]:
    """Ratios of events a second, an event counting once for all the tables that it goes into."""
    with construir(config) as sistema, psycopg.connect(str(config.db_url), autocommit=True) as conexion:
        sembrar(sistema, config, CANTIDAD, 1)
        preparar_proceso()
        lineas = comparar(
            "reconstruir todas las tablas",
            partial(_la_nuestra, sistema, conexion),
            {"ProjectionRunner de la biblioteca, un evento por transacción": (partial(_la_de_serie, sistema), 100.0)},
            1,
        )
        # Sealed data are the engine's business alone: with all persons forgotten both sides have the same to do.
        conexion.execute("UPDATE claves SET clave = NULL, destruida = now()")
        conexion.execute("ANALYZE clientes_events, pagos_events, campanias_events")
        lineas += comparar(
            "reconstruir todas las tablas, sin datos personales",
            partial(_la_nuestra, sistema, conexion),
            {"SQL a mano, una sentencia por tabla": (partial(_la_de_sql, sistema, conexion), 1.0)},
            min(rondas, RONDAS),
        )
        con_sql.exigir_iguales(conexion, {una.nombre: _esquema(de) for de in PROYECCIONES for una in de.tablas},
                               ESQUEMA_SQL)  # fmt: skip
    return lineas


def rehacer(sistema: Sistema, hasta: dict[str, int] | None = None) -> None:
    """Build the tables of all read models, without their indexes, in schemas of their own, two at once."""
    logs = logs_de(sistema.aplicaciones)

    def una(proyeccion: Proyeccion) -> None:
        deshacer(sistema.motor, _esquema(proyeccion))
        doblar_en(_esquema(proyeccion), proyeccion, logs, sistema.motor, hasta)

    de_a_dos(una, PROYECCIONES)


def _la_nuestra(sistema: Sistema, conexion: psycopg.Connection) -> float:
    inicio = perf_counter()
    rehacer(sistema)
    for proyeccion in PROYECCIONES:
        con_sql.indexar(conexion.cursor(), proyeccion.tablas, _esquema(proyeccion))
    return _eventos(sistema) / (perf_counter() - inicio)


def _la_de_serie(sistema: Sistema) -> float:
    parte = DE_SERIE / _eventos(sistema)
    hasta = {nombre: int(cabeza * parte) for nombre, cabeza in cabezas(sistema).items()}
    return sum(hasta.values()) / de_serie.segundos(sistema, hasta)


def _la_de_sql(sistema: Sistema, conexion: psycopg.Connection) -> float:
    conexion.execute(f"DROP SCHEMA IF EXISTS {ESQUEMA_SQL} CASCADE")
    inicio = perf_counter()
    con_sql.llenar(conexion, ESQUEMA_SQL)
    return _eventos(sistema) / (perf_counter() - inicio)


def cabezas(sistema: Sistema) -> dict[str, int]:
    """The last position of each log, which is also its number of events: nothing else writes."""
    return {nombre: una.recorder.max_notification_id() or 0 for nombre, una in sistema.aplicaciones.items()}


def _eventos(sistema: Sistema) -> int:
    return sum(cabezas(sistema).values())


def _esquema(proyeccion: Proyeccion) -> str:
    return f"banco_{proyeccion.nombre}"
