"""A system, and the log feed of its reactions."""

from collections.abc import Iterator

import pytest

from gateway.composicion import Sistema
from gateway.eventos.reacciones import Reacciones
from tests.gateway.sistema import sistema_en


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def reacciones(sistema: Sistema) -> Reacciones:
    return Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor)
