"""A detail as of a moment of the past: what the system knew then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from gateway.composicion import Sistema, construir
from tests.gateway.http.conftest import ANA, CAMPANIA, HECHO, cuerpo, siguiendo
from tests.gateway.sistema import config_de


@dataclass
class Reloj:
    """A clock that stands where it is put."""

    ahora: datetime

    def __call__(self) -> datetime:
        return self.ahora

    def dia(self, dia: int) -> None:
        self.ahora = datetime(2026, 3, dia, 12, 0, 0, 500, UTC)


@pytest.fixture
def reloj() -> Reloj:
    return Reloj(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def sistema(db_url: str, reloj: Reloj) -> Iterator[Sistema]:
    with construir(config_de(db_url), reloj=reloj) as sistema:
        yield sistema


def test_un_pago_se_ve_como_se_sabia_entonces(api: FlaskClient, reloj: Reloj) -> None:
    reloj.dia(2)
    payout = cuerpo(api.post("/pagos/pagar", json=HECHO))["id"]
    reloj.dia(4)
    api.post(f"/pagos/{payout}/comandos/revertir", json={"motivo": "m"})
    assert cuerpo(api.get(f"/pagos/{payout}"))["estado"] == "REVERTIDO"
    entonces = api.get(f"/pagos/{payout}?como_de=2026-03-03")
    assert (cuerpo(entonces)["estado"], entonces.headers["X-Version"]) == ("COMPLETADO", "4")
    assert cuerpo(api.get(f"/pagos/{payout}?como_de=2026-03-04T12:00:00"))["estado"] == "REVERTIDO"
    antes = api.get(f"/pagos/{payout}?como_de=2026-03-01T00:00:00Z")
    assert (antes.status_code, cuerpo(antes)) == (404, {"error": "Payout no encontrado"})


def test_una_campania_se_ve_como_se_sabia_entonces(api: FlaskClient, reloj: Reloj) -> None:
    reloj.dia(2)
    api.post("/campanias/comandos/crear", json=CAMPANIA)
    reloj.dia(4)
    api.post("/campanias/CAMP001/comandos/cancelar", json={"motivo": "m"})
    assert cuerpo(api.get("/campanias/CAMP001?como_de=2026-03-03"))["estado"] == "PENDIENTE"
    assert cuerpo(api.get("/campanias/CAMP001?como_de=2026-03-05"))["estado"] == "CANCELADA"


def test_un_cliente_se_ve_con_los_pagos_de_entonces(api: FlaskClient, reloj: Reloj, sistema: Sistema) -> None:
    with siguiendo(sistema):
        reloj.dia(2)
        api.post("/cliente/registrar", json=ANA)
        reloj.dia(4)
        payout = cuerpo(api.post("/pagos/pagar", json={**HECHO, "partner_id": "ana"}))["id"]
        reloj.dia(6)
        revertido = api.post(f"/pagos/{payout}/comandos/revertir", json={"motivo": "m"})
        minima = {"X-Posicion-Minima": revertido.headers["X-Posicion"]}
        assert cuerpo(api.get("/cliente/ana", headers=minima))["total_pagos"] == 0
    totales = [cuerpo(api.get(f"/cliente/ana?como_de=2026-03-0{dia}"))["total_pagos"] for dia in (3, 5, 7)]
    assert totales == [0, 1, 0]


def test_un_instante_mal_formado_es_un_400_en_la_forma_de_su_ruta(api: FlaskClient) -> None:
    for ruta, clave in (("/pagos/x", "error"), ("/cliente/x", "message"), ("/campanias/x", "error")):
        respuesta = api.get(f"{ruta}?como_de=ayer")
        assert (respuesta.status_code, list(cuerpo(respuesta))) == (400, [clave])
