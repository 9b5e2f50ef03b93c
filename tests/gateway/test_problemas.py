"""Both APIs tell an error as a problem (RFC 9457) to who asks for one by name, and to nobody else."""

import pytest

from gateway.http.app import crear_app
from gateway.http.errores import PROBLEMA
from tests.bff.conftest import bff_en
from tests.gateway.sistema import config_de, sistema_en

PEDIDOS = {
    PROBLEMA: True,
    "Application/Problem+JSON": True,
    f"{PROBLEMA}; charset=utf-8": True,
    f"text/html, {PROBLEMA};q=0.1": True,
    f"{PROBLEMA};q=0": False,
    f"{PROBLEMA};q=0.0, */*": False,
    "*/*": False,
    "application/*": False,
    "application/json": False,
    "": False,
}


@pytest.mark.parametrize("cual", ["core", "bff"])
def test_un_problema_se_da_a_quien_lo_pide_por_su_nombre(db_url: str, cual: str) -> None:
    with sistema_en(db_url) as sistema, bff_en(db_url) as bff:
        api = (crear_app(sistema, config_de(db_url)) if cual == "core" else bff).test_client()
        dados = {pedido: api.get("/nada", headers={"Accept": pedido}).content_type == PROBLEMA for pedido in PEDIDOS}
    assert dados == PEDIDOS
