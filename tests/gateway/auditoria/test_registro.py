"""A module's log as the past is read from it: past what can't be read, and without asking for each event."""

from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import pytest

from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import CrearCampania
from gateway.auditoria.registro import pagina
from gateway.composicion import Sistema
from gateway.eventos.datastore import Datastore
from gateway.eventos.fabrica import Tienda
from tests.gateway.sistema import sistema_en

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
