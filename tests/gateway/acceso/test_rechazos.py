"""Who was not let in is written down: why, from where, and nothing of what was presented."""

from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from flask import Flask, Response
from sqlalchemy import create_engine, event

from gateway.acceso.ajustes import Acceso
from gateway.acceso.flask import proteger
from gateway.acceso.puerta import Puerta, origen_de
from gateway.acceso.rechazos import ultimos
from gateway.composicion import Sistema
from gateway.local.sistema import puerto_libre
from tests.gateway.acceso.conftest import Abrir, Llave
from tests.gateway.acceso.credenciales import SECRETO, portador, token
from tests.gateway.acceso.test_puerta import fresco
from tests.gateway.acceso.ventana import en_una_ventana


def test_lo_que_se_presento_no_se_repite_en_ninguna_parte(abrir: Abrir, sistema: Sistema, capfdbinary: Any) -> None:
    api = abrir(jwt_secret=SECRETO.encode())
    presentados = [fresco(sub="SECRETISIMO")["Authorization"] + "x", "Bearer alpes_" + "S" * 43, "Bearer SECRETISIMO"]
    respuestas = [api.get("/cliente/x", headers={"Authorization": dicho}) for dicho in presentados]
    anotado = str(ultimos(sistema.motor, 10)) + capfdbinary.readouterr().out.decode()
    for dicho, respuesta in zip(presentados, respuestas, strict=True):
        assert respuesta.status_code == 401
        for trozo in (dicho, dicho.removeprefix("Bearer "), "S" * 43, "SECRETISIMO"):
            assert trozo not in respuesta.text + str(respuesta.headers) + anotado


def test_los_rechazos_quedan_anotados_con_su_motivo(abrir: Abrir, llave: Llave, sistema: Sistema) -> None:
    api, lectura = abrir(jwt_secret=SECRETO.encode()), llave("lectura")
    vencido = portador(token(exp=1))
    api.get("/cliente/ana?secreto=1", environ_overrides={"REMOTE_ADDR": "2001:db8::7"})
    api.get("/cliente/ana", headers={**vencido, "X-Request-Id": "pedido-7"})
    api.post("/cliente/ana/comandos/anonimizar", json={"motivo": "x"}, headers=lectura)
    api.get("/nada-de-eso", headers=portador("x"))
    assert [intento[1:] for intento in ultimos(sistema.motor, 10)][::-1] == [
        ("core", "CREDENCIALES_REQUERIDAS", None, "2001:db8::/64", "GET", "/cliente/<id>", _cualquiera()),
        ("core", "TOKEN_VENCIDO", "usuario:ana", "127.0.0.1", "GET", "/cliente/<id>", "pedido-7"),
        ("core", "PERMISO_INSUFICIENTE", "llave:lectura", "127.0.0.1", "POST",
         "/cliente/<id>/comandos/anonimizar", _cualquiera()),
        ("core", "TOKEN_INVALIDO", None, "127.0.0.1", "GET", "desconocida", _cualquiera()),
    ]  # fmt: skip


def test_a_un_almacen_que_no_responde_se_lo_espera_una_sola_vez() -> None:
    motor = create_engine(f"postgresql+psycopg://nadie@127.0.0.1:{puerto_libre()}/nada")
    intentos: list[None] = []
    event.listen(motor, "do_connect", lambda *_: intentos.append(None))
    app = Flask(__name__)
    puerta = Puerta(Acceso(), motor, lambda: datetime.now(UTC))
    proteger(app, puerta, api="core", dar_error=lambda rechazo: Response(status=rechazo.estado))
    assert app.test_client().get("/cliente/ana").status_code == 503
    assert len(intentos) == 1


def test_quien_llama_mil_veces_no_llena_el_disco(abrir: Abrir, sistema: Sistema) -> None:
    api = abrir(jwt_secret=SECRETO.encode())
    en_una_ventana(60, 20)
    assert {api.get("/pagos/x").status_code for _ in range(100)} == {401}
    assert len(ultimos(sistema.motor, 1000)) == 60


class _cualquiera:  # noqa: N801 - reads as a word
    def __eq__(self, otro: object) -> bool:
        return isinstance(otro, str)

    __hash__ = None  # type: ignore[assignment]


def test_de_donde_se_llama_es_la_direccion_y_en_v6_su_red() -> None:
    esperados = {
        "10.0.0.7": "10.0.0.7",
        "::ffff:10.0.0.7": "10.0.0.7",
        "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
        "": "desconocido",
        "x": "desconocido",
    }
    assert {dicha: origen_de({"REMOTE_ADDR": dicha}) for dicha in esperados} == esperados


def test_a_un_proxy_de_confianza_se_le_cree_de_quien_viene_y_a_nadie_mas(abrir: Abrir, sistema: Sistema) -> None:
    api = abrir(jwt_secret=SECRETO.encode(), proxies=(ip_network("10.0.0.0/8"),))
    for peer, dicho in (
        ("10.1.2.3", "192.0.2.1, 203.0.113.9"),
        ("::ffff:10.1.2.3", "2001:db8::7"),
        ("192.0.2.66", "203.0.113.9"),
        ("10.1.2.3", "ana@example.com"),
    ):
        api.get("/cliente/x", environ_overrides={"REMOTE_ADDR": peer}, headers={"X-Forwarded-For": dicho})
    origenes = [intento.origen for intento in ultimos(sistema.motor, 10)][::-1]
    assert origenes == ["203.0.113.9", "2001:db8::/64", "192.0.2.66", "10.1.2.3"]
