"""What every test may ask for: a PostgreSQL of the project's own and a fresh database in it, and a broker."""

import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from gateway.local.postgres import ROL, PostgresLocal
from gateway.local.pulsar import PulsarLocal
from gateway.topics import Topics
from projections.migraciones import migrar
from tests.broker import broker_compartido

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what it leaves in the background deaf to Ctrl-C, and so would be all that the tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is, not whether a rule holds.
settings.register_profile("azar", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The gate tries the same examples each time: what it says of a commit does not hang on luck.
settings.register_profile("alpes", settings.get_profile("azar"), derandomize=True)
settings.load_profile("alpes")

LOS_MAS_LARGOS = "test_simulacro.py"
PLANTILLA = "plantilla"
SIN_DISCO = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""The server lives as long as the session: a crash of the machine need not be survived, and nobody comes to clean."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: begun last, they would run alone at the end."""
    items.sort(key=lambda uno: uno.path.name != LOS_MAS_LARGOS)


@pytest.fixture(scope="session")
def servidor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresLocal]:
    """The session's own embedded server."""
    servidor = PostgresLocal(Path(tmp_path_factory.mktemp("alpes")), ajustes=SIN_DISCO)
    servidor.arrancar()
    try:
        servidor.esperar()
        yield servidor
    finally:
        servidor.parar()


@pytest.fixture(scope="session")
def postgres(servidor: PostgresLocal) -> str:
    """URL of the session's server, as its superuser."""
    return servidor.url_admin


@pytest.fixture(scope="session")
def plantilla(servidor: PostgresLocal) -> str:
    """Name of a migrated, empty database to copy."""
    _crear(servidor.url_admin, PLANTILLA, "template0")
    migrar(_url(servidor, PLANTILLA))
    return PLANTILLA


@pytest.fixture
def db_url(servidor: PostgresLocal, plantilla: str) -> Iterator[str]:
    """URL of a fresh, migrated database, as the role that the product itself uses."""
    nombre = f"prueba_{uuid.uuid4().hex[:12]}"
    _crear(servidor.url_admin, nombre, plantilla)
    # A busy machine may take longer than the role's five seconds from one statement of a transaction to the next.
    sin_prisa = sql.SQL("ALTER ROLE {} IN DATABASE {} SET idle_in_transaction_session_timeout = '60s'")
    _ejecutar(servidor.url_admin, sin_prisa.format(sql.Identifier(ROL), sql.Identifier(nombre)))
    yield _url(servidor, nombre)
    _ejecutar(servidor.url_admin, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(nombre)))


@pytest.fixture(scope="session")
def pulsar_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulsarLocal]:
    """The run's one embedded broker. Tests keep out of each other's way by the names of their ``topics``."""
    base = tmp_path_factory.getbasetemp()
    # The workers of pytest-xdist have folders side by side in the one of their run.
    comun = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with broker_compartido(comun / "broker") as broker:
        yield broker


@pytest.fixture
def topics() -> Topics:
    """Topics that no other test uses."""
    return Topics.con_prefijo(f"prueba-{uuid.uuid4().hex[:12]}")


def _crear(url_admin: str, nombre: str, modelo: str) -> None:
    orden = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    _ejecutar(url_admin, orden.format(*map(sql.Identifier, (nombre, ROL, modelo))))


def _ejecutar(url_admin: str, orden: sql.Composed) -> None:
    with psycopg.connect(url_admin, autocommit=True) as conexion:
        conexion.execute(orden)


def _url(servidor: PostgresLocal, base: str) -> str:
    partes = conninfo_to_dict(servidor.url)
    return f"postgresql://{partes['user']}:{partes['password']}@{partes['host']}:{partes['port']}/{base}"
