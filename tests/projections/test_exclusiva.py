"""The turn of who rebuilds, switches or discards a read model."""

from sqlalchemy import event

from projections.motor.exclusiva import en_exclusiva
from tests.projections.banco_de_lectura import Lectura

TOMADOS = "pg_locks JOIN pg_database ON oid = database AND datname = current_database() WHERE locktype = 'advisory'"


def test_el_turno_se_deja_antes_que_la_conexion(lectura: Lectura) -> None:
    """Of a connection's end a server that has much to do hears late, and would refuse the next order."""
    al_cerrar: list[int] = []

    @event.listens_for(lectura.motor, "close_detached")
    def _(*_: object) -> None:
        al_cerrar.append(len(lectura.filas(TOMADOS, "pid", "1")))

    with en_exclusiva(lectura.motor, "payouts"):
        assert len(lectura.filas(TOMADOS, "pid", "1")) == 1
    assert al_cerrar == [0]
