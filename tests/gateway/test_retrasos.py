"""What is told of the readers of the logs: whether one waits, and how many streams can't be followed."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from gateway.composicion import Sistema
from gateway.eventos.log import logs_de
from gateway.retrasos import aparcados, reacciones
from projections.motor.retraso import AL_DIA, SIN_AVANZAR, Retraso, retrasos
from tests.gateway.eventos.apoyo import insertar
from tests.gateway.sistema import pago, sistema_en
from tests.sin_prisa import sin_prisa

QUIETA = "UPDATE seguimiento SET vence_en = now() + interval '1 hour', movido_en = now() - interval '11 s'"
APARCAR = (
    "INSERT INTO aparcados (proyeccion, generacion, aplicacion, stream, posicion, ultima_posicion, eventos, error)"
    " SELECT 'payouts', generacion, 'pagos', 'payout-' || stream, 1, 1, 1, 'x'"
    " FROM generate_series(1, 3) AS generacion, generate_series(1, 2) AS stream"
)


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def lento(db_url: str) -> Iterator[psycopg.Connection]:
    """A writer that takes its time."""
    with sin_prisa(db_url) as conexion:
        yield conexion
        conexion.rollback()


def de_payouts(sistema: Sistema, segundos: float) -> Retraso:
    """As seen so many seconds from now."""
    ahora = sistema.reloj() + timedelta(seconds=segundos)
    (uno,) = (uno for uno in retrasos(sistema.motor, logs_de(sistema.aplicaciones), ahora) if uno.nombre == "payouts")
    return uno


def ordenar(sistema: Sistema, orden: str) -> None:
    with sistema.motor.begin() as conexion:
        conexion.execute(text(orden))


def test_lo_que_una_escritura_abierta_retiene_es_un_retraso(sistema: Sistema, lento: psycopg.Connection) -> None:
    ordenar(sistema, QUIETA)
    insertar(lento)
    assert de_payouts(sistema, 60).estado == AL_DIA, "de lo que nadie confirmó nada falta"
    sistema.pagos.ejecutar(pago("CICLO"))
    detenida = de_payouts(sistema, 60)
    assert detenida.estado == SIN_AVANZAR
    assert detenida.retraso_segundos is not None
    assert detenida.retraso_segundos >= 60
    (reaccion, *_) = [una for una in reacciones(sistema) if una["modulo"] == "pagos"]
    assert (reaccion["estado"], reaccion["posicion"]) == ("atrasada", 0)


def test_un_flujo_aparcado_en_varias_generaciones_es_uno(sistema: Sistema) -> None:
    ordenar(sistema, APARCAR)
    assert aparcados(sistema) == {"payouts": 2}
