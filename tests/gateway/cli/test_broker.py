"""What ``estado`` warns of a broker that was not set for us."""

from typing import Any

import pytest

from gateway.cli.broker import REPITE, con_avisos
from gateway.config import Config
from tests.servidor_http import Atencion, servir


@pytest.mark.parametrize(("quita", "aviso"), [("false", REPITE), ("true", None)])
def test_un_broker_que_no_quita_lo_repetido_se_avisa_y_lo_que_ya_pasa_se_dice_antes(
    quita: str, aviso: str | None
) -> None:
    def administracion(peticion: Atencion) -> None:
        peticion.contestar(quita.encode() if peticion.path.split("?")[0].endswith("deduplicationEnabled") else b"{}")

    relevos: list[dict[str, Any]] = [{"modulo": "pagos", "aviso": None}, {"modulo": "cliente", "aviso": "sin relevo"}]
    with servir(administracion) as url:
        visto = con_avisos({"relevos": relevos, "consumidores": []}, Config(pulsar_admin_url=url))
    assert [uno["aviso"] for uno in visto["relevos"]] == [aviso, "sin relevo"]
