"""A migrated database, and the read models over it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, make_url

from tests.projections.banco_de_lectura import Lectura


@pytest.fixture
def motor(db_url: str) -> Iterator[Engine]:
    motor = create_engine(make_url(db_url).set(drivername="postgresql+psycopg"))
    yield motor
    motor.dispose()


@pytest.fixture
def lectura(motor: Engine) -> Lectura:
    return Lectura(motor)
