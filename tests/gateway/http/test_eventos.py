"""A module's log over HTTP: in order, to its end, with a cursor that never expires and never skips."""

import pytest
from flask.testing import FlaskClient

from gateway.composicion import Sistema
from tests.gateway.http.conftest import ANA, CAMPANIA, HECHO, PAGO, cuerpo
from tests.sin_prisa import sin_prisa


def recorrer(api: FlaskClient, modulo: str, limite: int) -> tuple[list[tuple[int, str]], int]:
    """Follow the cursor to the end."""
    vistos: list[tuple[int, str]] = []
    desde = 0
    while True:
        parte = cuerpo(api.get(f"/eventos?modulo={modulo}&desde={desde}&limite={limite}"))
        assert len(parte["eventos"]) <= limite
        vistos += [(evento["posicion"], evento["tipo"]) for evento in parte["eventos"]]
        if parte["siguiente"] == desde:
            return vistos, desde
        desde = parte["siguiente"]


def test_el_registro_se_lee_en_orden_y_por_partes(api: FlaskClient) -> None:
    ultima = ""
    for numero in range(3):
        hecho = {**HECHO, "confirmation_id": f"CONF-{numero}"}
        ultima = api.post("/pagos/pagar", json=hecho).headers["X-Posicion"]
    enteros, cursor = recorrer(api, "pagos", 1000)
    assert [tipo for _, tipo in enteros[:4]] == [
        "PagoCreado.v1",
        "PagoComisionCalculada.v1",
        "PagoProcesado.v1",
        "PagoConfirmado.v1",
    ]
    assert len(enteros) == 12
    assert enteros == sorted(enteros)
    assert ultima == f"pagos:{cursor}"
    for limite in (1, 2, 5):
        assert recorrer(api, "pagos", limite) == (enteros, cursor)


def test_cada_evento_dice_de_quien_es_y_quien_lo_hizo(api: FlaskClient) -> None:
    pago = cuerpo(api.post("/pagos/pagar", json=PAGO, headers={"X-Request-Id": "caja-7"}))["id"]
    primero = cuerpo(api.get("/eventos?modulo=pagos&limite=1"))["eventos"][0]
    assert list(primero) == [
        "stream", "posicion", "version", "tipo", "timestamp", "usuario", "correlation_id", "causation_id", "datos",
    ]  # fmt: skip
    assert (primero["stream"], primero["usuario"], primero["causation_id"]) == (pago, "api:local", "caja-7")
    assert primero["datos"]["monto"] == {"valor": 1250.5, "moneda": "USD"}


def test_lo_interno_no_se_ve_y_el_cursor_lo_pasa(api: FlaskClient, sistema: Sistema) -> None:
    respuesta = api.post("/cliente/registrar", json=ANA)
    eventos = cuerpo(api.get("/eventos?modulo=cliente"))
    assert [evento["tipo"] for evento in eventos["eventos"]] == ["ClienteRegistrado.v1"]
    assert respuesta.headers["X-Posicion"] == f"cliente:{eventos['siguiente']}"
    assert sistema.clientes.recorder.max_notification_id() == eventos["siguiente"] >= 3
    api.post("/cliente/ana/comandos/anonimizar", json={"motivo": "lo pidió"})
    resto = cuerpo(api.get(f"/eventos?modulo=cliente&desde={eventos['siguiente']}"))
    assert [evento["tipo"] for evento in resto["eventos"]] == ["ClienteAnonimizado.v1"]
    assert resto["siguiente"] == sistema.clientes.recorder.max_notification_id()


def test_sin_nada_nuevo_el_cursor_se_queda(api: FlaskClient) -> None:
    assert cuerpo(api.get("/eventos?modulo=campanias")) == {"eventos": [], "siguiente": 0}
    api.post("/campanias/comandos/crear", json=CAMPANIA)
    cursor = cuerpo(api.get("/eventos?modulo=campanias"))["siguiente"]
    assert cuerpo(api.get(f"/eventos?modulo=campanias&desde={cursor}")) == {"eventos": [], "siguiente": cursor}
    assert cuerpo(api.get(f"/eventos?modulo=campanias&desde={cursor + 1000}"))["siguiente"] == cursor + 1000


def test_no_pasa_de_un_hueco_que_una_transaccion_puede_llenar(api: FlaskClient, db_url: str) -> None:
    api.post("/pagos/pagar", json=PAGO)
    antes = cuerpo(api.get("/eventos?modulo=pagos"))
    with sin_prisa(db_url) as lenta:
        lenta.execute(
            "INSERT INTO pagos_events (originator_id, originator_version, topic, state)"
            " SELECT 'payout-lento', 1, topic, state FROM pagos_events WHERE topic = 'PagoCreado.v1'"
        )
        despues = api.post("/pagos/pagar", json=PAGO).headers["X-Posicion"]
        retenido = cuerpo(api.get(f"/eventos?modulo=pagos&desde={antes['siguiente']}"))
        assert retenido == {"eventos": [], "siguiente": antes["siguiente"]}
        lenta.commit()
    llegado = cuerpo(api.get(f"/eventos?modulo=pagos&desde={antes['siguiente']}"))
    assert llegado["eventos"][0]["stream"] == "payout-lento"
    assert despues == f"pagos:{llegado['siguiente']}"


def test_los_datos_de_una_persona_olvidada_son_nulos(api: FlaskClient) -> None:
    api.post("/cliente/registrar", json=ANA)
    assert cuerpo(api.get("/eventos?modulo=cliente"))["eventos"][0]["datos"]["email"] == ANA["email"]
    api.post("/cliente/ana/comandos/anonimizar", json={"motivo": "lo pidió"})
    respuesta = api.get("/eventos?modulo=cliente")
    assert cuerpo(respuesta)["eventos"][0]["datos"] == dict.fromkeys(("nombre", "email", "cedula", "fecha_nacimiento"))
    assert ANA["email"] not in respuesta.text


@pytest.mark.parametrize(
    "consulta",
    [
        "",
        "modulo=",
        "modulo=otro",
        "modulo=clientes",
        "modulo=pagos&desde=-1",
        "modulo=pagos&desde=x",
        "modulo=pagos&desde=1.5",
        "modulo=pagos&desde=",
        "modulo=pagos&desde=9999999999999999999",
        "modulo=pagos&desde=1_0",
        "modulo=pagos&desde=%D9%A1",
        "modulo=pagos&limite=%201",
        "modulo=pagos&limite=0",
        "modulo=pagos&limite=1001",
        "modulo=pagos&limite=todo",
        "modulo=pagos&limite=",
    ],
)
def test_un_parametro_mal_formado_es_un_400(api: FlaskClient, consulta: str) -> None:
    respuesta = api.get(f"/eventos?{consulta}")
    assert (respuesta.status_code, list(cuerpo(respuesta))) == (400, ["error"])
    assert respuesta.headers["X-Codigo-Error"]


def test_esta_en_el_documento(api: FlaskClient) -> None:
    ruta = cuerpo(api.get("/spec"))["paths"]["/eventos"]
    assert {parametro["name"] for parametro in ruta["parameters"]} == {"modulo", "desde", "limite"}
    assert {"200", "400"} <= set(ruta["get"]["responses"])
