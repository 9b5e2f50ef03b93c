"""A system, and a provider whose clock runs a minute ahead of ours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from gateway.composicion import Sistema
from tests.gateway.procesador.proveedor import Proveedor
from tests.gateway.sistema import sistema_en


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def proveedor() -> Iterator[Proveedor]:
    with Proveedor() as proveedor:
        proveedor.completado_en = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
        yield proveedor
