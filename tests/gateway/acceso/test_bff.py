"""The doors of the BFF are the same doors, with lines of their own in the table."""

from collections.abc import Iterator

import pytest
from flask import Flask

from gateway.acceso.ajustes import Acceso
from gateway.acceso.identidad import Rol
from gateway.acceso.permisos import ADMITE, PERMISOS, PUBLICO, tiene_linea
from tests.bff.conftest import bff_en
from tests.gateway.acceso.credenciales import SECRETO
from tests.gateway.acceso.test_permisos import rutas
from tests.gateway.acceso.test_puerta import fresco

DE_FUERA = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture
def app(db_url: str) -> Iterator[Flask]:
    with bff_en(db_url, acceso=Acceso(jwt_secret=SECRETO.encode(), limite="100000/minute")) as app:
        yield app


def test_toda_ruta_del_bff_tiene_su_linea_y_toda_linea_su_ruta(app: Flask) -> None:
    assert [ruta for ruta in rutas(app) if not tiene_linea("bff", *ruta)] == []
    assert len(rutas(app)) == len([linea for linea in PERMISOS if linea[0] == "bff"])


def test_cada_rol_llega_a_donde_la_tabla_dice_y_a_nada_mas(app: Flask) -> None:
    api = app.test_client()
    for (de, metodo, patron), permiso in PERMISOS.items():
        if de != "bff" or permiso is PUBLICO:
            continue
        ruta = patron.replace("{", "").replace("}", "")
        cuerpo: dict[str, str] | None = {} if metodo == "POST" else None
        nadie = api.open(ruta, method=metodo, json=cuerpo, environ_overrides=DE_FUERA)
        assert (nadie.status_code, nadie.headers["WWW-Authenticate"]) == (401, "Bearer"), ruta
        assert set(nadie.json or {}) == {"error", "message"}
        # Who may is not sent on to a core that nobody runs here: only pages are asked for.
        for rol in Rol if metodo == "GET" else set(Rol) - ADMITE[permiso]:
            respuesta = api.open(ruta, method=metodo, json=cuerpo, headers=fresco(roles=[rol]))
            assert (respuesta.status_code == 403) is (rol not in ADMITE[permiso]), (rol, ruta)
            assert respuesta.status_code != 401


def test_sin_credenciales_el_bff_solo_atiende_a_esta_maquina(db_url: str) -> None:
    with bff_en(db_url) as abierta:
        api = abierta.test_client()
        assert api.get("/api/v1/dashboard").status_code == 200
        for entorno, cabeceras in (
            (DE_FUERA, {}),
            ({}, {"X-Forwarded-For": "127.0.0.1"}),
            ({}, {"Host": "alpes.example.com"}),
            ({}, {"Origin": "https://example.com"}),
        ):
            for ruta in ("/api/v1/dashboard", "/api/v1/health"):
                assert api.get(ruta, environ_overrides=entorno, headers=cabeceras).status_code == 401
