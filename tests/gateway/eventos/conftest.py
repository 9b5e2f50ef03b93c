"""The store of a process, and one log of it, on a database of the test's own."""

from collections.abc import Iterator

import psycopg
import pytest

from gateway.eventos.fabrica import Tienda
from gateway.eventos.recorder import Recorder
from tests.gateway.eventos.apoyo import MAESTRA, recorder_de


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
