"""Details as they were known at an instant of the past."""

import pytest
from flask.testing import FlaskClient

from tests.bff.casa import Casa, P
from tests.gateway.http.conftest import ANA, CAMPANIA, PAGO


def test_lo_que_una_fecha_pasada_no_dice_esta_en_las_notas(casa: Casa) -> None:
    casa.ordenar("/cliente/registrar", ANA)
    assert casa.enviar("campanias", CAMPANIA).status_code == 202
    campania = casa.ver("campanias/CAMP001?como_de=2999-01-01")
    assert (campania["campania"]["cliente_nombre"], set(campania["notas"])) == (None, {"pagos", "cliente_nombre"})
    cliente = casa.ver(f"clientes/{ANA['id']}?como_de=2999-01-01")
    assert cliente["estadisticas"] == casa.ver(f"clientes/{ANA['id']}")["estadisticas"]
    assert set(cliente["notas"]) == {"pagos_recientes", "campanias_activas"}


@pytest.mark.parametrize("dia", ["2024-01-01", "20240101"])
def test_una_fecha_es_la_misma_como_quiera_que_se_escriba(casa: Casa, dia: str) -> None:
    payout = casa.enviar("pagos", PAGO).json["id"]
    assert casa.ver(f"pagos/{payout}")["pago"]["id"] == payout
    casa.ver(f"pagos/{payout}?como_de={dia}", 404)


@pytest.mark.parametrize(
    ("minima", "estado", "codigo"),
    [("basura", 400, "PARAMETROS_INVALIDOS"), ("pagos:999999", 503, "POSICION_NO_ALCANZADA")],
)
def test_una_posicion_se_exige_tambien_del_pasado(bff: FlaskClient, minima: str, estado: int, codigo: str) -> None:
    respuesta = bff.get(f"{P}/pagos/payout-1?como_de=2030-01-01", headers={"X-Posicion-Minima": minima})
    assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (estado, codigo)
