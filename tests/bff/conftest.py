"""The BFF over a database of its own and a core that listens, asked in the same process."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bff.infrastructure.config import Ajustes
from bff.infrastructure.web.app import create_bff_app
from gateway.composicion import Sistema
from gateway.http.app import crear_app
from tests.bff.casa import Casa
from tests.bff.mundos import Mundo, MundoEnMemoria, MundoReal
from tests.bff.servidor import sirviendo
from tests.eventualmente import eventualmente
from tests.gateway.http.conftest import siguiendo
from tests.gateway.sistema import config_de, sistema_en


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema, siguiendo(sistema):
        yield sistema


@pytest.fixture
def core(sistema: Sistema, db_url: str) -> Iterator[str]:
    """Where the core listens."""
    with sirviendo(crear_app(sistema, config_de(db_url))) as url:
        yield url


@pytest.fixture
def api(sistema: Sistema, db_url: str) -> FlaskClient:
    """The core, asked in the same process."""
    return crear_app(sistema, config_de(db_url)).test_client()


@pytest.fixture
def app(core: str, db_url: str) -> Iterator[Flask]:
    with bff_en(db_url, core) as app:
        yield app


@pytest.fixture
def bff(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def casa(bff: FlaskClient, api: FlaskClient) -> Casa:
    return Casa(bff, api)


@contextmanager
def bff_en(db_url: str, core: str = "http://127.0.0.1:9", **cambios: Any) -> Iterator[Flask]:
    """A BFF on that database, with its services at ``core``: nobody listens there unless told."""
    urls = {f"{servicio}_url": core for servicio in ("cliente", "pagos", "campanias")}
    app = create_bff_app(Ajustes(**{"db_url": db_url, **urls, **cambios}))
    try:
        yield app
    finally:
        app.extensions["contenedor"].cerrar()


def conectado(app: Flask) -> FlaskClient:
    """A client of ``app``, whose first connections, that may take longer than a request has, are made."""
    bff = app.test_client()
    eventualmente(
        lambda: bff.get("/api/v1/search?q=nadie").get_json(),
        lambda visto: "total_results" in visto and "notas" not in visto,
    )
    return bff


@pytest.fixture(params=["en memoria", "de verdad"])
def mundo(request: pytest.FixtureRequest) -> Iterator[Mundo]:
    if request.param == "en memoria":
        gemelo = MundoEnMemoria()
        yield gemelo
        gemelo.cerrar()
        return
    db_url = request.getfixturevalue("db_url")
    core = request.getfixturevalue("core")
    with bff_en(db_url, core) as app:
        yield MundoReal(request.getfixturevalue("sistema"), app.extensions["contenedor"])
