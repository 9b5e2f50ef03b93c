"""What a process refuses to work on, and what its connections are like."""

from dataclasses import replace

import psycopg
import pytest
from eventsourcing.persistence import OperationalError
from psycopg.conninfo import make_conninfo

from gateway.composicion import FaltaConfigurar, construir
from gateway.eventos.datastore import AlmacenInseguro
from gateway.eventos.fabrica import Tienda
from tests.gateway.eventos.apoyo import MAESTRA, guardado, recorder_de
from tests.gateway.sistema import config_de


def test_una_base_migrada_se_admite(tienda: Tienda) -> None:
    tienda.comprobar()


@pytest.mark.parametrize(
    ("orden", "motivo"),
    [
        ("ALTER SEQUENCE pagos_events_notification_id_seq CACHE 10", "CACHE 1"),
        ("DROP TABLE clientes_events", r"clientes_events.*alpes migrar"),
        ("UPDATE alembic_version SET version_num = '0001'", r"versión anterior \(0001.*alpes migrar"),
        ("ALTER DATABASE {base} SET synchronous_commit = off", "synchronous_commit"),
        ("ALTER DATABASE {base} SET default_transaction_isolation = 'repeatable read'", "read committed"),
    ],
)
def test_una_base_que_perderia_eventos_se_rechaza(
    db_url: str, sql: psycopg.Connection, orden: str, motivo: str
) -> None:
    sql.execute(orden.format(base=sql.info.dbname))
    with pytest.raises(AlmacenInseguro, match=motivo):
        construir(config_de(db_url))


def test_una_base_que_ya_migro_un_codigo_mas_nuevo_se_admite(db_url: str, sql: psycopg.Connection) -> None:
    sql.execute("UPDATE alembic_version SET version_num = '9999'")
    construir(config_de(db_url)).cerrar()


def test_sin_base_o_sin_llaves_no_se_arranca(db_url: str) -> None:
    entera = config_de(db_url)
    for config in (
        replace(entera, db_url=None),
        replace(entera, llave_maestra=None),
        replace(entera, llave_unicidad=None),
    ):
        with pytest.raises(FaltaConfigurar):
            construir(config)


def test_una_base_que_no_responde_se_dice_pronto(db_url: str) -> None:
    with pytest.raises(OperationalError, match="refused"):
        construir(config_de(make_conninfo(db_url, port="1")))


def test_quien_escribe_no_puede_quedarse_callado_en_una_transaccion(tienda: Tienda) -> None:
    with tienda.datastore.get_connection() as conexion:
        fila = conexion.execute("SHOW idle_in_transaction_session_timeout").fetchone()
    assert fila == {"idle_in_transaction_session_timeout": "5s"}


def test_los_parametros_de_la_url_llegan_a_cada_conexion(db_url: str) -> None:
    tienda = Tienda(make_conninfo(db_url, application_name="alpes-prueba"), MAESTRA)
    with tienda.datastore.get_connection() as en_reserva, tienda.datastore.conectar() as aparte:
        assert en_reserva.info.parameter_status("application_name") == "alpes-prueba"
        assert aparte.info.parameter_status("application_name") == "alpes-prueba"
    tienda.cerrar()


def test_las_conexiones_no_pasan_de_las_dichas(db_url: str, sql: psycopg.Connection) -> None:
    tienda = Tienda(db_url, MAESTRA, conexiones=2)
    recorder, otro = recorder_de(tienda, "pagos"), recorder_de(tienda, "clientes")
    with tienda.datastore.get_connection(), tienda.datastore.get_connection():
        abiertas = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert sql.execute(abiertas).fetchone() == (2,)
    recorder.insert_events([guardado()])
    otro.insert_events([guardado()])
    tienda.cerrar()


def test_un_proceso_no_nombra_una_tabla_hasta_que_trabaja(sql: psycopg.Connection, tienda: Tienda) -> None:
    recorder_de(tienda, "pagos")
    assert sql.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone() == (1,)
