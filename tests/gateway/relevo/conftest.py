"""A system of the test's own, with topics of its own on the run's broker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gateway.composicion import construir
from gateway.local.pulsar import PulsarLocal
from gateway.pulsar.cliente import conectar
from gateway.topics import Topics
from tests.gateway.cli.orden import Alpes
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.sistema import config_de


@contextmanager
def mesa_en(db_url: str, broker: PulsarLocal, topics: Topics) -> Iterator[Mesa]:
    config = config_de(db_url, pulsar_broker_url=broker.url, pulsar_admin_url=broker.url_admin, topics=topics)
    with construir(config) as sistema:
        cliente = conectar(config)
        try:
            yield Mesa(sistema, config, cliente)
        finally:
            cliente.close()


@pytest.fixture
def mesa(db_url: str, pulsar_local: PulsarLocal, topics: Topics) -> Iterator[Mesa]:
    with mesa_en(db_url, pulsar_local, topics) as mesa:
        yield mesa


@pytest.fixture
def alpes(mesa: Mesa, tmp_path: Path) -> Alpes:
    config = mesa.config
    alpes = Alpes(str(config.db_url), tmp_path)
    alpes.entorno |= {
        "PULSAR_BROKER_URL": str(config.pulsar_broker_url), "PULSAR_ADMIN_URL": str(config.pulsar_admin_url),
        **config.topics.todos(),
    }  # fmt: skip
    return alpes
