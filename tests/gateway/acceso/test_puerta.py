"""Closed doors: who gets in with what, and how the others are told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from gateway.acceso.ajustes import Acceso
from gateway.acceso.identidad import LOCAL, Rechazado, Rol
from gateway.acceso.permisos import PUBLICO
from gateway.acceso.puerta import Puerta
from gateway.composicion import Sistema
from gateway.http.app import crear_app
from tests.gateway.acceso.conftest import Abrir, Llave
from tests.gateway.acceso.credenciales import SECRETO, portador, token
from tests.gateway.http.conftest import ANA, PAGO, cuantos_eventos, cuerpo
from tests.gateway.sistema import config_de


def fresco(**cambios: Any) -> dict[str, str]:
    """A token by the machine's clock."""
    return portador(token(**{"exp": int(datetime.now(UTC).timestamp()) + 300, **cambios}))


def test_con_credenciales_todo_menos_health_las_pide_tambien_a_esta_maquina(abrir: Abrir, sistema: Sistema) -> None:
    api = abrir(jwt_secret=SECRETO.encode())
    for metodo, ruta, clave in (
        ("POST", "/pagos/pagar", "error"),
        ("GET", "/cliente/x", "message"),
        ("GET", "/auditoria/x", "error"),
        ("GET", "/spec", "error"),
        ("GET", "/metrics", "error"),
        ("GET", "/docs/swagger-ui.css", "error"),
        ("GET", "/no-existe", "error"),
        ("DELETE", "/pagos/pagar", "error"),
        ("GET", "/v1/pagos/x", "error"),
        ("HEAD", "/pagos/x", None),
        ("OPTIONS", "/pagos/pagar", "error"),
    ):
        respuesta = api.open(ruta, method=metodo, json=PAGO if metodo == "POST" else None)
        assert (respuesta.status_code, respuesta.headers["WWW-Authenticate"]) == (401, "Bearer"), ruta
        assert respuesta.headers["X-Codigo-Error"] == "CREDENCIALES_REQUERIDAS"
        assert clave is None or list(cuerpo(respuesta)) == [clave]
    assert cuantos_eventos(sistema) == 0


def test_health_responde_a_cualquiera(abrir: Abrir) -> None:
    api = abrir(jwt_secret=SECRETO.encode())
    de_lejos = {"REMOTE_ADDR": "203.0.113.9"}
    assert api.get("/health", environ_overrides=de_lejos, headers={"X-Forwarded-For": "1.2.3.4"}).status_code == 200


def test_un_token_bueno_abre_desde_cualquier_maquina(abrir: Abrir) -> None:
    api = abrir(jwt_secret=SECRETO.encode())
    cabeceras = {**fresco(), "Host": "api.example.com", "X-Forwarded-For": "1.2.3.4"}
    respuesta = api.post("/pagos/pagar", json=PAGO, headers=cabeceras, environ_overrides={"REMOTE_ADDR": "10.0.0.7"})
    assert respuesta.status_code == 202
    sin_mayusculas = {"Authorization": fresco()["Authorization"].replace("Bearer", "bearer")}
    assert api.get("/eventos?modulo=pagos", headers=sin_mayusculas).status_code == 200


def test_los_eventos_dicen_quien_los_causo(abrir: Abrir, llave: Llave) -> None:
    api = abrir(jwt_secret=SECRETO.encode())
    for credencial, actor in ((fresco(), "usuario:ana"), (llave("admin", nombre="contabilidad"), "llave:contabilidad")):
        pago = cuerpo(api.post("/pagos/pagar", json=PAGO, headers=credencial))["id"]
        eventos = cuerpo(api.get(f"/auditoria/{pago}", headers=credencial))["eventos"]
        assert {evento["usuario"] for evento in eventos} == {actor}


def test_una_clave_de_repeticion_es_de_quien_la_uso(abrir: Abrir) -> None:
    api, veces = abrir(jwt_secret=SECRETO.encode()), {"Idempotency-Key": "k-1"}
    de_ana = api.post("/pagos/pagar", json=PAGO, headers={**fresco(), **veces})
    de_otro = api.post("/pagos/pagar", json=PAGO, headers={**fresco(sub="otro"), **veces})
    otra_vez = api.post("/pagos/pagar", json=PAGO, headers={**fresco(), **veces})
    assert cuerpo(de_ana)["id"] != cuerpo(de_otro)["id"]
    assert (cuerpo(otra_vez)["id"], otra_vez.headers["Idempotent-Replayed"]) == (cuerpo(de_ana)["id"], "true")


@pytest.mark.parametrize(
    "dicho",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YWRtaW46YWRtaW4=",
        "Token abc",
        "Bearer a b",
        "Bearer a,b",
        "Bearer ñ",
        "Bearer  ",
    ],
)
def test_una_autorizacion_ilegible_es_un_401(abrir: Abrir, dicho: str) -> None:
    respuesta = abrir(jwt_secret=SECRETO.encode()).get("/pagos/x", headers={"Authorization": dicho})
    assert respuesta.status_code == 401


def test_sin_base_de_datos_no_entra_nadie_y_health_lo_cuenta(sistema: Sistema, tmp_path: Path) -> None:
    config = config_de("postgresql://nadie@127.0.0.1:1/nada")
    otro = Sistema(**{**vars(sistema), "motor": _motor_a_ninguna_parte()})
    app: Flask = crear_app(otro, config)
    api = app.test_client()
    rechazada = api.get("/pagos/x", headers=portador("alpes_" + "x" * 43))
    assert (rechazada.status_code, rechazada.headers["Retry-After"]) == (503, "1")
    assert api.get("/health").status_code == 503


def _motor_a_ninguna_parte() -> Any:
    from sqlalchemy import create_engine  # noqa: PLC0415

    return create_engine("postgresql+psycopg://nadie@127.0.0.1:1/nada")


def test_en_el_modo_abierto_actua_la_maquina_y_una_credencial_no_quita_ni_pone(abrir: Abrir, sistema: Sistema) -> None:
    api = abrir()
    respuesta = api.post("/cliente/registrar", json=ANA, headers=portador("cualquiera"))
    assert respuesta.status_code == 201
    (evento,) = cuerpo(api.get("/auditoria/ana"))["eventos"]
    assert (evento["usuario"], evento["datos"]["email"]) == ("api:local", "Ana@example.com")
    puerta = Puerta(Acceso(), sistema.motor, sistema.reloj)
    de_aqui = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost"}
    assert puerta.admitir(de_aqui, Rol.ADMIN) is LOCAL
    with pytest.raises(Rechazado):
        puerta.admitir({**de_aqui, "REMOTE_ADDR": "10.0.0.7"}, PUBLICO)


def test_toda_respuesta_lleva_las_cabeceras_de_seguridad(abrir: Abrir) -> None:
    api = abrir(jwt_secret=SECRETO.encode())
    for respuesta in (api.get("/health"), api.get("/pagos/x"), api.get("/pagos/x", headers=fresco())):
        dichas = respuesta.headers
        assert (dichas["X-Content-Type-Options"], dichas["X-Frame-Options"]) == ("nosniff", "DENY")
        assert (dichas["Referrer-Policy"], dichas["Cross-Origin-Resource-Policy"]) == ("no-referrer", "same-origin")
        assert (dichas["Content-Security-Policy"], dichas["Server"]) == (
            "default-src 'none'; frame-ancestors 'none'", "alpes",
        )  # fmt: skip
        assert "Authorization" in dichas["Vary"]
    assert "script" not in api.get("/docs", headers=fresco()).headers["Content-Security-Policy"]


def test_un_sondeo_de_cors_no_trae_credencial_y_no_dice_nada(abrir: Abrir) -> None:
    sondeo = {"Origin": "https://otra.example.com", "Access-Control-Request-Method": "GET"}
    cerrada, abierta = abrir(jwt_secret=SECRETO.encode()), abrir()
    respuesta = cerrada.options("/cliente/ana", headers=sondeo)
    assert (respuesta.status_code, respuesta.data) == (200, b"")
    assert "Access-Control-Allow-Origin" not in respuesta.headers
    assert abierta.options("/cliente/ana", headers=sondeo).status_code == 401
