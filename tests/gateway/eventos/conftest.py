"""The store of a process, and one log of it, on a database of the test's own."""

from collections.abc import Iterator

import psycopg
import pytest

from gateway.eventos.fabrica import Tienda
from gateway.eventos.nombres import Nombres
from gateway.eventos.recorder import Recorder
from tests.gateway.eventos.apoyo import AHORA, MAESTRA, recorder_de
from tests.gateway.eventos.inventado import ANTERIORES, Vale, Vales


@pytest.fixture
def tienda(db_url: str) -> Iterator[Tienda]:
    tienda = Tienda(db_url, MAESTRA)
    yield tienda
    tienda.cerrar()


@pytest.fixture
def recorder(tienda: Tienda) -> Recorder:
    return recorder_de(tienda, "pagos")


@pytest.fixture
def sql(db_url: str) -> Iterator[psycopg.Connection]:
    """A connection of somebody else, autocommit."""
    with psycopg.connect(db_url, autocommit=True) as conexion:
        yield conexion


@pytest.fixture
def tienda_de_vales(db_url: str) -> Iterator[Tienda]:
    tienda = Tienda(db_url, MAESTRA, nombres=Nombres((Vale,), ANTERIORES))
    yield tienda
    tienda.cerrar()


@pytest.fixture
def vales(tienda_de_vales: Tienda) -> Vales:
    """An application whose aggregate only the tests know, over the log of campanias."""
    return Vales(tienda_de_vales.fabrica, lambda: AHORA)
