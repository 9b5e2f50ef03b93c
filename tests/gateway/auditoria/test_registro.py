"""A module's log as the past is read from it: past what can't be read, and without asking for each event."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from domain.base.contexto import Contexto
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import AjustarPresupuesto, CrearCampania
from gateway.auditoria.explicacion import explicar, tablas
from gateway.auditoria.registro import pagina, ultima_sabida
from gateway.composicion import Sistema
from gateway.eventos.datastore import Datastore
from gateway.eventos.fabrica import Tienda
from gateway.eventos.log import logs_de
from projections.registro import PROYECCIONES
from tests.gateway.eventos.apoyo import insertar
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.projections.alcanzar import alcanzar

INICIO = datetime(2026, 3, 1, 12, tzinfo=UTC)
DIA = timedelta(days=1)
MUCHOS = 40


class DatastoreQueCuenta(Datastore):
    """Remembers how many rows each question was answered with."""

    def __init__(self, db_url: str) -> None:
        super().__init__(db_url)
        self.respuestas: list[int] = []

    def filas(self, consulta: Any, parametros: Sequence[Any] = ()) -> list[Any]:
        filas = super().filas(consulta, parametros)
        self.respuestas.append(len(filas))
        return filas


class TiendaQueCuenta(Tienda):
    def __init__(self, db_url: str) -> None:
        super().__init__(db_url, b"m" * 32)
        self.datastore: DatastoreQueCuenta = DatastoreQueCuenta(db_url)


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def tienda(db_url: str) -> Iterator[TiendaQueCuenta]:
    tienda = TiendaQueCuenta(db_url)
    yield tienda
    tienda.cerrar()


def test_lo_que_no_se_puede_leer_es_de_cuando_lo_que_le_precede(sistema: Sistema, db_url: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        sistema.pagos.ejecutar(pago_hecho("C1"), Contexto(INICIO))
        roto = insertar(conexion)
        sistema.pagos.ejecutar(pago_hecho("C1"), Contexto(INICIO + DIA))
        ultimo = insertar(conexion)
    for cuando, posicion in (
        (INICIO - DIA, 0),
        (INICIO, roto),
        (INICIO + DIA / 2, roto),
        (INICIO + DIA, ultimo),
        (INICIO + 9 * DIA, ultimo),
    ):
        assert ultima_sabida(sistema.tienda, sistema.pagos, cuando) == posicion


def test_una_pagina_corta_no_pregunta_por_cada_evento_interno(
    sistema: Sistema, tienda: TiendaQueCuenta, db_url: str
) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute(
            "INSERT INTO campanias_events SELECT 'espera:' || n, 1, 'EsperaCerrada.v1', '{}'"
            " FROM generate_series(1, %s) n",
            [MUCHOS],
        )
    cursor = sistema.campanias.ejecutar(CrearCampania("C1", "ana", ("Quito",)))
    (creada,), siguiente = pagina(tienda, Campanias(tienda.fabrica, sistema.reloj), 0, 1)
    assert (creada.evento.originator_id, siguiente) == ("C1", cursor)
    assert len(tienda.datastore.respuestas) < 10


def test_explicar_lee_cada_historia_una_vez_y_no_una_por_evento(sistema: Sistema, tienda: TiendaQueCuenta) -> None:
    sistema.campanias.ejecutar(CrearCampania("C1", "ana", ("Quito",), presupuesto=Decimal(1), moneda="USD"))
    for monto in range(2, MUCHOS + 1):
        sistema.campanias.ejecutar(AjustarPresupuesto("C1", Decimal(monto), "USD"))
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
    hallado = explicar(replace(sistema, tienda=tienda), *tablas()["campanias"], ("C1",), "version")
    assert [uno["orden"] for uno in hallado.efectos] == ["CrearCampania"] + ["AjustarPresupuesto"] * (MUCHOS - 1)
    assert sum(tienda.datastore.respuestas) <= 3 * MUCHOS
