"""One stored event that can't be read: every answer that needs it names it, and nothing else suffers."""

import psycopg
import pytest
from flask.testing import FlaskClient

from gateway.http.app import crear_app
from tests.gateway.http.conftest import PAGO, cuerpo
from tests.gateway.sistema import config_de, sistema_en


@pytest.fixture
def payouts(api: FlaskClient, db_url: str) -> list[str]:
    """Three payouts; the second's first event is damaged."""
    hechos = [str(cuerpo(api.post("/pagos/pagar", json={**PAGO, "cycle_id": f"C{uno}"}))["id"]) for uno in range(3)]
    with psycopg.connect(db_url) as conexion:
        conexion.execute("ALTER TABLE pagos_events DISABLE TRIGGER USER")
        romper = "UPDATE pagos_events SET state = '\\x00ff' WHERE originator_version = 1 AND originator_id = %s"
        conexion.execute(romper, (hechos[1],))
    return hechos


def test_se_dice_que_evento_es_en_la_forma_de_la_ruta(api: FlaskClient, payouts: list[str]) -> None:
    malo = payouts[1]
    pedidas = [api.get(f"/auditoria/{malo}"), api.get(f"/pagos/{malo}?como_de=2999-01-01")]
    for respuesta in pedidas:
        assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (500, "EVENTO_ILEGIBLE")
        assert list(cuerpo(respuesta)) == ["error", "trace"]
        assert cuerpo(respuesta)["error"].startswith(f"No se puede leer PagoCreado.v1, versión 1 de {malo}: ")
        assert cuerpo(respuesta)["trace"] == respuesta.headers["X-Request-Id"]
    problema = api.get(f"/auditoria/{malo}", headers={"Accept": "application/problem+json"})
    dicho = cuerpo(problema)
    assert (problema.content_type, dicho["codigo"], dicho["status"]) == (
        "application/problem+json",
        "EVENTO_ILEGIBLE",
        500,
    )
    assert malo in dicho["detail"]
    assert api.get(f"/auditoria/{payouts[0]}").status_code == 200


def test_una_orden_sobre_lo_que_no_se_lee_lo_dice(payouts: list[str], db_url: str) -> None:
    # A process that doesn't remember them.
    with sistema_en(db_url) as sistema:
        otra = crear_app(sistema, config_de(db_url)).test_client()
        respuesta = otra.post(f"/pagos/{payouts[1]}/comandos/procesar")
        assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (500, "EVENTO_ILEGIBLE")
        assert otra.post(f"/pagos/{payouts[0]}/comandos/procesar").status_code == 202


def test_quien_lee_el_registro_sabe_desde_donde_seguir_sin_perder_otro(api: FlaskClient, payouts: list[str]) -> None:
    primera = cuerpo(api.get("/eventos?modulo=pagos"))
    assert {uno["stream"] for uno in primera["eventos"]} == {payouts[0]}
    respuesta = api.get(f"/eventos?modulo=pagos&desde={primera['siguiente']}")
    assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (500, "EVENTO_ILEGIBLE")
    dicho, _, desde = cuerpo(respuesta)["error"].partition(". Lo que le sigue se lee con desde=")
    assert payouts[1] in dicho
    despues = cuerpo(api.get(f"/eventos?modulo=pagos&desde={desde}"))["eventos"]
    assert (despues[0]["stream"], despues[0]["version"]) == (payouts[1], 2)
    assert despues[-1]["stream"] == payouts[2]
