"""A migrated database, and the read models over it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, make_url

from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import campania, cliente, pagado, payout


@pytest.fixture
def motor(db_url: str) -> Iterator[Engine]:
    motor = create_engine(make_url(db_url).set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    yield motor
    motor.dispose()


@pytest.fixture
def lectura(motor: Engine) -> Lectura:
    return Lectura(motor)


@pytest.fixture
def vivida(lectura: Lectura) -> Lectura:
    """Tables with something of everything in them."""
    lectura.ocurre("clientes", cliente("ana"), cliente("beto"))
    lectura.ocurre("pagos", *(pagado(f"payout-{n}", cliente_id="ana") for n in range(5)), payout("payout-9"))
    lectura.ocurre("campanias", campania("C1", "beto"))
    return lectura
