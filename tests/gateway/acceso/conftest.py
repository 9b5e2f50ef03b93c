"""The core behind closed doors, over a database of its own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.base.contexto import Actor
from gateway.acceso.ajustes import Acceso
from gateway.acceso.identidad import Rol
from gateway.acceso.llaves import crear
from gateway.composicion import Sistema, construir
from gateway.http.app import crear_app
from tests.gateway.acceso.credenciales import portador
from tests.gateway.sistema import config_de

QUIEN = Actor("cli", "pruebas")
Abrir = Callable[..., FlaskClient]
Llave = Callable[..., dict[str, str]]


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with construir(config_de(db_url)) as sistema:
        yield sistema


@pytest.fixture
def abrir(sistema: Sistema, db_url: str) -> Abrir:
    """``abrir(jwt_secret=…, limite=…)``: a client of an application with those settings of its doors."""

    def abrir(**ajustes: Any) -> FlaskClient:
        return crear_app(sistema, config_de(db_url, acceso=Acceso(**ajustes))).test_client()

    return abrir


@pytest.fixture
def llave(sistema: Sistema) -> Llave:
    """``llave("lectura")``: the header that presents a new key with these roles."""

    def llave(*roles: str, nombre: str | None = None) -> dict[str, str]:
        nombre = nombre or "-".join(roles)
        return portador(crear(sistema.motor, nombre, {Rol(rol) for rol in roles}, None, QUIEN))

    return llave
