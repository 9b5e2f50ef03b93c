"""A database that goes back to an older copy while a reaction lives: what it remembers of campaigns goes back too."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.campanias.agregado import Campania
from domain.campanias.comandos import CrearCampania
from gateway.composicion import Sistema
from gateway.eventos.reacciones import Reacciones
from tests.gateway.reacciones.test_reacciones import ponerse_al_dia
from tests.gateway.sistema import pago_hecho

Admin = psycopg.Connection[tuple[Any, ...]]
TABLAS = ("pagos_events", "campanias_events")


@pytest.fixture
def admin(db_url: str, postgres: str) -> Iterator[Admin]:
    """A superuser's connection: to nobody else may events go."""
    with psycopg.connect(
        make_conninfo(postgres, dbname=str(conninfo_to_dict(db_url)["dbname"])), autocommit=True
    ) as conexion:
        yield conexion


def test_lo_que_se_recuerda_no_se_escribe_sobre_lo_que_ya_no_esta(
    sistema: Sistema, reacciones: Reacciones, admin: Admin
) -> None:
    for campania in ("A", "B"):
        sistema.campanias.ejecutar(CrearCampania(campania, "CLIENTE", ()))
    contar_uno_de_cada(sistema, reacciones)
    copia = {tabla: ultima(admin, tabla) for tabla in TABLAS}
    posiciones = admin.execute("SELECT notification_id, application_name FROM campanias_tracking").fetchall()
    contar_uno_de_cada(sistema, reacciones)
    for tabla, hasta in copia.items():
        suya = sql.Identifier(tabla)
        admin.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER ALL").format(suya))
        admin.execute(sql.SQL("DELETE FROM {} WHERE notification_id > %s").format(suya), [hasta])
    for posicion in posiciones:
        admin.execute("UPDATE campanias_tracking SET notification_id = %s WHERE application_name = %s", posicion)
    contar_uno_de_cada(sistema, reacciones)
    for campania in ("A", "B"):
        leida = sistema.campanias.buscar(Campania, campania)
        assert leida is not None
        assert leida.version == 3


def contar_uno_de_cada(sistema: Sistema, reacciones: Reacciones) -> None:
    """One payment of each campaign, each in a batch of its own."""
    for campania in ("A", "B"):
        sistema.pagos.ejecutar(pago_hecho(campania))
        ponerse_al_dia(sistema, reacciones)


def ultima(admin: Admin, tabla: str) -> int:
    fila = admin.execute(sql.SQL("SELECT max(notification_id) FROM {}").format(sql.Identifier(tabla))).fetchone()
    assert fila is not None
    return int(fila[0])
