"""A system, and the inboxes of its consumers."""

from collections.abc import Callable, Iterator

import pytest

from gateway.composicion import Sistema
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.interpretes import de_comandos
from tests.gateway.pulsar.mensajes import esquemas
from tests.gateway.sistema import sistema_en


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def bandeja_de(sistema: Sistema) -> Callable[[str], Bandeja]:
    """The inbox of the commands to one application."""

    def bandeja(nombre: str) -> Bandeja:
        aplicacion = sistema.aplicaciones[nombre]
        interprete = de_comandos(aplicacion, sistema.reloj)
        return Bandeja(f"comandos.{aplicacion.modulo}", aplicacion, interprete, sistema, esquemas)

    return bandeja
