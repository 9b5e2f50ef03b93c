"""What every endpoint has in common: ids, versions, positions, cached answers, the shape of errors."""

import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.composicion import Sistema
from tests.cronometro import en_menos_de
from tests.gateway.http.conftest import ANA, CAMPANIA, HECHO, PAGO, cuantos_eventos, cuerpo, siguiendo


def test_toda_respuesta_lleva_el_id_de_la_peticion(api: FlaskClient) -> None:
    for ruta in ("/health", "/nada", "/cliente/nadie"):
        assert api.get(ruta, headers={"X-Request-Id": "mi-id.1_A"}).headers["X-Request-Id"] == "mi-id.1_A"
        for insano in ("", "con espacio", "x" * 129, "ñ", "<b>"):
            nuevo = api.get(ruta, headers={"X-Request-Id": insano}).headers["X-Request-Id"]
            assert nuevo != insano
            assert len(nuevo) == 32


def test_los_eventos_guardan_quien_y_por_que(api: FlaskClient) -> None:
    cabeceras = {"X-Request-Id": "peticion-1", "X-Correlation-Id": "asunto-1"}
    con_asunto = cuerpo(api.post("/pagos/pagar", json=PAGO, headers=cabeceras))["id"]
    sin_asunto = cuerpo(api.post("/pagos/pagar", json=PAGO, headers={"X-Request-Id": "peticion-2"}))["id"]
    for payout, esperado in ((con_asunto, ("asunto-1", "peticion-1")), (sin_asunto, ("peticion-2", "peticion-2"))):
        for evento in cuerpo(api.get(f"/auditoria/{payout}"))["eventos"]:
            assert (evento["correlation_id"], evento["causation_id"]) == esperado
            assert evento["usuario"] == "api:local"


def test_if_match_exige_la_version(api: FlaskClient, sistema: Sistema) -> None:
    payout = cuerpo(api.post("/pagos/pagar", json=PAGO))["id"]
    version = api.get(f"/pagos/{payout}").headers["X-Version"]
    ruta, guardados = f"/pagos/{payout}/comandos/procesar", cuantos_eventos(sistema)
    otra = api.post(ruta, headers={"If-Match": "1"})
    assert (otra.status_code, list(cuerpo(otra))) == (412, ["error"])
    for malo in ("uno", "-1", 'W/"2"', "1, 2", "9" * 30):
        assert api.post(ruta, headers={"If-Match": malo}).status_code == 400
    assert cuantos_eventos(sistema) == guardados
    assert api.post(ruta, headers={"If-Match": f'"{version}"'}).status_code == 202


@pytest.mark.parametrize(
    ("ruta", "pedido"),
    [("/cliente/registrar", ANA), ("/campanias/comandos/crear", CAMPANIA), ("/pagos/pagar", HECHO)],
)
def test_if_match_vale_tambien_al_crear_donde_lo_que_no_existe_esta_en_la_version_0(
    api: FlaskClient, sistema: Sistema, ruta: str, pedido: dict[str, Any]
) -> None:
    sin_nada = api.post(ruta, json=pedido, headers={"If-Match": "1"})
    assert (sin_nada.status_code, cuerpo(sin_nada)) == (412, {"error": "La versión es 0, no 1"})
    assert cuantos_eventos(sistema) == 0
    creado = api.post(ruta, json=pedido, headers={"If-Match": "0"})
    assert creado.status_code in (201, 202)
    guardados, modulo = cuantos_eventos(sistema), creado.headers["X-Posicion"].partition(":")[0]
    creada = {"cliente": "ana", "campanias": "CAMP001"}.get(modulo) or cuerpo(creado)["id"]
    version = api.get(f"/{modulo}/{creada}").headers["X-Version"]
    assert api.post(ruta, json=pedido, headers={"If-Match": "0"}).status_code == 412
    repetido = api.post(ruta, json=pedido, headers={"If-Match": version})
    assert (repetido.status_code, repetido.headers["X-Posicion"]) == (
        creado.status_code,
        creado.headers["X-Posicion"],
    )
    assert cuantos_eventos(sistema) == guardados


def test_un_detalle_que_no_cambio_es_un_304(api: FlaskClient) -> None:
    api.post("/cliente/registrar", json=ANA)
    detalle = api.get("/cliente/ana")
    etiqueta = detalle.headers["ETag"]
    assert etiqueta.startswith('W/"')
    sin_cambios = api.get("/cliente/ana", headers={"If-None-Match": f'"otra", {etiqueta}'})
    assert (sin_cambios.status_code, sin_cambios.data) == (304, b"")
    assert (sin_cambios.headers["ETag"], sin_cambios.headers["X-Version"]) == (etiqueta, "1")
    api.post("/cliente/ana/comandos/actualizar", json={"nombre": "Ana María"})
    assert api.get("/cliente/ana", headers={"If-None-Match": etiqueta}).status_code == 200


def test_una_posicion_que_no_llega_es_un_503_en_dos_segundos(api: FlaskClient) -> None:
    pago = api.post("/pagos/pagar", json=PAGO)
    ruta, minima = f"/pagos/{cuerpo(pago)['id']}", {"X-Posicion-Minima": pago.headers["X-Posicion"]}
    empezo = time.monotonic()
    respuesta = en_menos_de(3, lambda: api.get(ruta, headers=minima))
    assert (respuesta.status_code, respuesta.headers["Retry-After"]) == (503, "1")
    assert time.monotonic() - empezo > 1.5


def test_una_posicion_de_quien_no_alimenta_la_consulta_no_cuenta(api: FlaskClient) -> None:
    pago = api.post("/pagos/pagar", json=PAGO)
    cabeceras = {"X-Posicion-Minima": "cliente:999,campanias:999"}
    assert api.get(f"/pagos/{cuerpo(pago)['id']}", headers=cabeceras).status_code == 200


@pytest.mark.parametrize("mala", ["", "pagos", "pagos:x", "otro:1", "pagos:1;cliente:2", "pagos:-1", "pagos:1,"])
def test_una_posicion_mal_formada_es_un_400(api: FlaskClient, mala: str) -> None:
    del_registro = (("/auditoria/x", "error"), ("/eventos?modulo=pagos", "error"))
    for ruta, clave in (("/pagos/x", "error"), ("/cliente/x", "message"), *del_registro):
        respuesta = api.get(ruta, headers={"X-Posicion-Minima": mala})
        assert (respuesta.status_code, list(cuerpo(respuesta))) == (400, [clave])


def test_lo_que_se_escribe_se_lee_con_su_posicion(api: FlaskClient, sistema: Sistema) -> None:
    with siguiendo(sistema):
        for _ in range(5):
            pago = api.post("/pagos/pagar", json=PAGO)
            respuesta = api.get(pago.headers["Location"], headers={"X-Posicion-Minima": pago.headers["X-Posicion"]})
            assert respuesta.status_code == 200


def test_la_api_responde_tambien_bajo_v1(api: FlaskClient) -> None:
    pago = api.post("/v1/pagos/pagar", json=PAGO)
    assert pago.headers["Location"] == f"/v1/pagos/{cuerpo(pago)['id']}"
    assert api.get(pago.headers["Location"]).status_code == 200
    assert api.get("/v1/health").status_code == 200
    assert api.get("/v1/v1/health").status_code == 404
    assert api.get("/v1/cliente/x").json == {"message": "No encontrado"}


def test_un_problema_se_describe_cuando_se_pide(api: FlaskClient) -> None:
    respuesta = api.get("/pagos/nada", headers={"Accept": "application/problem+json, application/json;q=0.5"})
    assert (respuesta.status_code, respuesta.content_type) == (404, "application/problem+json")
    problema = cuerpo(respuesta)
    assert problema["status"] == 404
    assert problema["detail"] == "Payout no encontrado"
    assert problema["codigo"] == respuesta.headers["X-Codigo-Error"] == "PAYOUT_NO_ENCONTRADO"
    assert {"type", "title", "instance"} <= problema.keys()


@pytest.mark.parametrize(
    ("metodo", "ruta", "estado", "clave"),
    [
        ("GET", "/nada", 404, "error"),
        ("GET", "/", 404, "error"),
        ("GET", "/pagos//x", 404, "error"),
        ("DELETE", "/pagos/x", 405, "error"),
        ("PUT", "/cliente/x", 405, "message"),
        ("GET", "/cliente/registrar", 404, "message"),
        ("PUT", "/cliente/registrar", 405, "error"),
        ("GET", "/cliente/x/comandos/actualizar", 405, "error"),
        ("PUT", "/campanias/comandos/crear", 405, "error"),
        ("POST", "/health", 405, "error"),
    ],
)
def test_lo_que_no_hay_se_dice_en_la_forma_de_su_ruta(
    api: FlaskClient, metodo: str, ruta: str, estado: int, clave: str
) -> None:
    respuesta = api.open(ruta, method=metodo)
    assert (respuesta.status_code, list(cuerpo(respuesta))) == (estado, [clave])
    assert ("Allow" in respuesta.headers) is (estado == 405)


def test_los_textos_salen_en_utf8_sin_escapes(api: FlaskClient) -> None:
    assert "Ana Núñez".encode() in api.post("/cliente/registrar", json=ANA).data
