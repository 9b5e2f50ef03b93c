"""One table says who may what, and every route has its line."""

from itertools import product
from typing import Any

import pytest
from flask import Flask

from bff.infrastructure.web.app import documento as documento_del_bff
from gateway.acceso.identidad import Rol
from gateway.acceso.permisos import ADMITE, PERMISOS, PUBLICO, permiso_de, tiene_linea
from gateway.composicion import Sistema
from gateway.http.app import crear_app, documento
from tests.gateway.acceso.conftest import Abrir, Llave
from tests.gateway.acceso.credenciales import SECRETO
from tests.gateway.acceso.test_puerta import fresco
from tests.gateway.http.conftest import cuerpo
from tests.gateway.sistema import config_de

A_MANO = {"HEAD", "OPTIONS"}
"""Flask answers these by itself."""


@pytest.fixture
def app(sistema: Sistema, db_url: str) -> Flask:
    return crear_app(sistema, config_de(db_url))


def rutas(app: Flask) -> set[tuple[str, str]]:
    return {(metodo, regla.rule) for regla in app.url_map.iter_rules() for metodo in (regla.methods or set()) - A_MANO}


def test_toda_ruta_del_nucleo_tiene_su_linea_y_toda_linea_su_ruta(app: Flask) -> None:
    assert [ruta for ruta in rutas(app) if not tiene_linea("core", *ruta)] == []
    assert len(rutas(app)) == len([linea for linea in PERMISOS if linea[0] == "core"])


def test_una_ruta_sin_linea_es_solo_para_admin() -> None:
    assert permiso_de("core", "GET", "/ruta/nueva") is Rol.ADMIN
    assert permiso_de("core", "PUT", "/pagos/<id>") is Rol.ADMIN
    assert not tiene_linea("core", "GET", "/ruta/nueva")


def test_solo_health_es_para_todos() -> None:
    assert {linea[2].rpartition("/")[2] for linea, permiso in PERMISOS.items() if permiso is PUBLICO} == {"health"}


def test_se_mira_con_lectura_se_manda_con_operador_y_se_olvida_con_admin() -> None:
    for (_, metodo, ruta), permiso in PERMISOS.items():
        if permiso is not PUBLICO:
            esperado = Rol.ADMIN if "anonimizar" in ruta else Rol.LECTURA if metodo == "GET" else Rol.OPERADOR
            assert permiso is esperado, ruta


def test_cada_rol_llega_a_donde_la_tabla_dice_y_a_nada_mas(abrir: Abrir, llave: Llave) -> None:
    api = abrir()
    credenciales = {rol: llave(rol) for rol in Rol}
    for rol, (linea, permiso) in product(Rol, PERMISOS.items()):
        if linea[0] != "core" or permiso is PUBLICO:
            continue
        ruta = linea[2].replace("{", "").replace("}", "")
        respuesta = api.open(ruta, method=linea[1], headers=credenciales[rol], json={} if linea[1] == "POST" else None)
        assert (respuesta.status_code == 403) is (rol not in ADMITE[permiso]), (rol, linea)
        assert respuesta.status_code != 401
        if respuesta.status_code == 403:
            clave = "message" if ruta == "/cliente/id" else "error"
            assert cuerpo(respuesta) == {clave: f"Hace falta el rol {permiso}"}
            assert "insufficient_scope" in respuesta.headers["WWW-Authenticate"]


def test_sin_ningun_rol_conocido_no_se_puede_nada(abrir: Abrir) -> None:
    api = abrir(jwt_secret=SECRETO.encode())
    for roles in (None, [], ["Admin"], "jefe", {"admin": True}):
        assert api.get("/pagos/x", headers=fresco(roles=roles)).status_code == 403


@pytest.mark.parametrize(("cual", "escrito"), [("core", documento()), ("bff", documento_del_bff())])
def test_la_especificacion_muestra_la_tabla(cual: str, escrito: dict[str, Any]) -> None:
    for (api, metodo, ruta), permiso in PERMISOS.items():
        operacion = escrito["paths"].get(ruta, {}).get(metodo.lower())
        if api != cual or operacion is None:
            continue
        if permiso is PUBLICO:
            assert operacion["security"] == []
        else:
            assert operacion["security"] == [{"portador": []}]
            assert operacion["x-roles"] == sorted(ADMITE[permiso])
            assert {"401", "403", "429"} <= operacion["responses"].keys()
    assert escrito["components"]["securitySchemes"]["portador"]["scheme"] == "bearer"
