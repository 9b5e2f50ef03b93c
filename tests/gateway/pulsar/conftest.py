"""A system, and the inboxes of its consumers."""

from collections.abc import Callable, Iterator

import pytest

from gateway.composicion import Sistema
from gateway.config import Config
from gateway.local.pulsar import PulsarLocal
from gateway.pulsar.bandeja import Bandeja
from gateway.pulsar.cliente import conectar
from gateway.pulsar.interpretes import de_comandos
from gateway.topics import Topics
from tests.gateway.pulsar.mensajes import esquemas
from tests.gateway.pulsar.procesos import OtroEquipo
from tests.gateway.sistema import config_de, sistema_en


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


@pytest.fixture
def config(db_url: str, pulsar_local: PulsarLocal, topics: Topics) -> Config:
    """The settings of a process that uses the run's broker, with topics of this test's own."""
    broker = {"pulsar_broker_url": pulsar_local.url, "pulsar_admin_url": pulsar_local.url_admin}
    return config_de(db_url, topics=topics, **broker)


@pytest.fixture
def otro_equipo(config: Config) -> Iterator[OtroEquipo]:
    """Somebody else who sends to our topics."""
    cliente = conectar(config)
    yield OtroEquipo(cliente)
    cliente.close()
