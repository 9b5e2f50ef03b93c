"""API keys at the door: the first closes it, each has its name for ever, its day, and its end."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.acceso.identidad import Rol
from gateway.acceso.llaves import NombreEnUso, crear, listar, revocar
from gateway.composicion import Sistema
from gateway.http.app import crear_app
from tests.eventualmente import eventualmente
from tests.gateway.acceso.conftest import QUIEN, Abrir, Llave
from tests.gateway.acceso.credenciales import portador
from tests.gateway.sistema import config_de

MANANA = datetime.now(UTC) + timedelta(days=1)


def test_la_primera_llave_cierra_en_un_segundo_y_revocarla_no_reabre(
    abrir: Abrir, llave: Llave, sistema: Sistema
) -> None:
    api = abrir()
    assert api.get("/pagos/x").status_code == 404
    credencial = llave("lectura")
    eventualmente(lambda: api.get("/pagos/x").status_code, lambda estado: estado == 401)
    assert api.get("/pagos/x", headers=credencial).status_code == 404
    assert revocar(sistema.motor, "lectura", QUIEN) is True
    rechazada = eventualmente(
        lambda: api.get("/pagos/x", headers=credencial), lambda respuesta: respuesta.status_code == 401
    )
    assert rechazada.headers["X-Codigo-Error"] == "CREDENCIAL_INVALIDA"
    assert api.get("/pagos/x").status_code == 401


def test_una_llave_vence(abrir: Abrir, sistema: Sistema, db_url: str) -> None:
    hora = [datetime.now(UTC)]
    sistema.reloj = lambda: hora[0]
    credencial = portador(crear(sistema.motor, "breve", {Rol.LECTURA}, MANANA, QUIEN))
    api = crear_app(sistema, config_de(db_url)).test_client()
    assert api.get("/pagos/x", headers=credencial).status_code == 404
    hora[0] = MANANA
    vencida = api.get("/pagos/x", headers=credencial)
    assert (vencida.status_code, vencida.headers["X-Codigo-Error"]) == (401, "CREDENCIAL_VENCIDA")


def test_una_llave_se_guarda_como_huella_y_su_nombre_es_suyo_para_siempre(sistema: Sistema, db_url: str) -> None:
    secreta = crear(sistema.motor, "unica", {Rol.LECTURA, Rol.OPERADOR}, None, QUIEN)
    with sistema.motor.connect() as conexion:
        guardado = conexion.exec_driver_sql("SELECT llaves::text FROM llaves").scalar()
    assert secreta not in str(guardado)
    assert secreta.removeprefix("alpes_") not in str(guardado)
    assert revocar(sistema.motor, "unica", QUIEN) is True
    assert revocar(sistema.motor, "unica", QUIEN) is False
    assert revocar(sistema.motor, "ninguna", QUIEN) is None
    with pytest.raises(NombreEnUso):
        crear(sistema.motor, "unica", {Rol.LECTURA}, None, QUIEN)
    (listada,) = listar(sistema.motor)
    assert (listada.roles, listada.estado(MANANA), listada.revocada_por) == (
        ["lectura", "operador"], "revocada", "cli:pruebas",
    )  # fmt: skip
