"""What the database itself guarantees, whoever connects to it."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql

from projections.migraciones import migrar

LOGS = ("clientes_events", "pagos_events", "campanias_events")


@pytest.mark.parametrize("tabla", LOGS)
@pytest.mark.parametrize("orden", ["UPDATE {} SET topic = 'otro'", "DELETE FROM {}", "TRUNCATE {}"])
def test_lo_que_paso_no_se_cambia_ni_se_borra(db_url: str, tabla: str, orden: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        nombre = sql.Identifier(tabla)
        conexion.execute(sql.SQL("INSERT INTO {} VALUES ('a', 1, 'Algo.v1', '{{}}')").format(nombre))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conexion.execute(sql.SQL(orden).format(nombre))
        assert conexion.execute(sql.SQL("SELECT topic FROM {}").format(nombre)).fetchall() == [("Algo.v1",)]


def test_ni_una_sesion_de_replica_cambia_lo_que_paso(postgres: str, db_url: str) -> None:
    como_superusuario = psycopg.conninfo.make_conninfo(postgres, dbname=db_url.rpartition("/")[2])
    with psycopg.connect(como_superusuario, autocommit=True) as conexion:
        conexion.execute("INSERT INTO pagos_events VALUES ('a', 1, 'Algo.v1', '{}')")
        conexion.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conexion.execute("DELETE FROM pagos_events")


def test_migrar_de_nuevo_no_cambia_nada_y_varios_a_la_vez_se_esperan(db_url: str) -> None:
    otra_forma = db_url.replace("postgresql://", "postgresql+psycopg2://")
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("DROP SCHEMA public CASCADE")
        conexion.execute("CREATE SCHEMA public")
        with ThreadPoolExecutor(4) as hilos:
            list(hilos.map(migrar, [db_url, otra_forma] * 2))
        conexion.execute("INSERT INTO pagos_events VALUES ('a', 1, 'Algo.v1', '{}')")
        migrar(db_url)
        assert conexion.execute("SELECT count(*) FROM pagos_events").fetchone() == (1,)
