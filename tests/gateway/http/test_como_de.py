"""A detail as of a moment of the past: what the system knew then."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from gateway.composicion import Sistema, construir
from tests.gateway.http.conftest import ANA, CAMPANIA, HECHO, cuerpo, desde, siguiendo
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
        minima = desde(sistema, revertido.headers["X-Posicion"])
        assert cuerpo(api.get("/cliente/ana", headers=minima))["total_pagos"] == 0
    totales = [cuerpo(api.get(f"/cliente/ana?como_de=2026-03-0{dia}"))["total_pagos"] for dia in (3, 5, 7)]
    assert totales == [0, 1, 0]


def test_un_instante_mal_formado_es_un_400_en_la_forma_de_su_ruta(api: FlaskClient) -> None:
    for ruta, clave in (("/pagos/x", "error"), ("/cliente/x", "message"), ("/campanias/x", "error")):
        respuesta = api.get(f"{ruta}?como_de=ayer")
        assert (respuesta.status_code, list(cuerpo(respuesta))) == (400, [clave])


def test_los_vinculos_son_los_que_se_conocian_entonces(api: FlaskClient, reloj: Reloj, sistema: Sistema) -> None:
    """A payment of a cycle is its partner's until a campaign of that id turns up, and its client's from then on."""
    with siguiendo(sistema):
        reloj.dia(2)
        api.post("/cliente/registrar", json=ANA)
        beto = {**ANA, "id": "beto", "email": "beto@example.com", "cedula": "777777"}
        api.post("/cliente/registrar", json=beto)
        reloj.dia(4)
        api.post("/pagos/pagar", json={**HECHO, "partner_id": "beto", "cycle_id": "CAMP001"})
        reloj.dia(6)
        creada = api.post("/campanias/comandos/crear", json=CAMPANIA)
        minima = desde(sistema, creada.headers["X-Posicion"])
        assert cuerpo(api.get("/cliente/beto", headers=minima))["total_pagos"] == 0
        totales = {
            quien: [cuerpo(api.get(f"/cliente/{quien}?como_de=2026-03-0{dia}"))["total_pagos"] for dia in (3, 5, 7)]
            for quien in ("ana", "beto")
        }
    assert totales == {"ana": [0, 0, 1], "beto": [0, 1, 0]}


def test_los_totales_son_los_que_se_conocian_entonces(api: FlaskClient, reloj: Reloj, sistema: Sistema) -> None:
    with siguiendo(sistema):
        reloj.dia(2)
        api.post("/cliente/registrar", json=ANA)
        for dia, moneda, completado in ((4, "USD", "2026-02-20T10:00:00"), (6, "EUR", "2026-02-10T10:00:00")):
            reloj.dia(dia)
            pago = {**HECHO, "confirmation_id": f"C-{dia}", "processed_at": None, "completed_at": completado}
            payout = api.post("/pagos/pagar", json={**pago, "partner_id": "ana", "currency": moneda}).json["id"]  # type: ignore[index]
        reloj.dia(8)
        revertido = api.post(f"/pagos/{payout}/comandos/revertir", json={"motivo": "m"})
        al_dia = desde(sistema, revertido.headers["X-Posicion"])
        assert "monto_total" not in cuerpo(api.get("/cliente/ana?como_de=2026-03-03", headers=al_dia))
        vistos = [cuerpo(api.get(f"/cliente/ana?como_de=2026-03-0{dia}&totales=true")) for dia in (3, 5, 7, 9)]
    un_pago = {
        "total_pagos": 1, "ultimo_pago": "2026-02-20T10:00:00", "primer_pago": "2026-02-20T10:00:00",
        "monto_total": 1250.5, "moneda": "USD", "totales_por_moneda": {"USD": 1250.5},
    }  # fmt: skip
    assert [{campo: visto[campo] for campo in un_pago} for visto in vistos] == [
        {**dict.fromkeys(un_pago), "total_pagos": 0, "monto_total": 0, "totales_por_moneda": {}},
        un_pago,
        {**un_pago, "total_pagos": 2, "primer_pago": "2026-02-10T10:00:00", "moneda": "EUR",
         "totales_por_moneda": {"EUR": 1250.5, "USD": 1250.5}},
        un_pago,
    ]  # fmt: skip


def test_si_las_tablas_no_conocen_todo_el_pasado_de_un_cliente_no_se_inventa(api: FlaskClient, reloj: Reloj) -> None:
    reloj.dia(2)
    api.post("/cliente/registrar", json=ANA)
    respuesta = api.get("/cliente/ana?como_de=2026-03-03")
    assert (respuesta.status_code, respuesta.headers["Retry-After"]) == (503, "1")


def test_una_persona_olvidada_lo_esta_tambien_en_el_pasado(api: FlaskClient, reloj: Reloj, sistema: Sistema) -> None:
    with siguiendo(sistema):
        reloj.dia(2)
        api.post("/cliente/registrar", json=ANA)
        reloj.dia(4)
        olvidada = api.post("/cliente/ana/comandos/anonimizar", json={"motivo": "lo pidió"})
        al_dia = desde(sistema, olvidada.headers["X-Posicion"])
        respuesta = api.get("/cliente/ana?como_de=2026-03-03", headers=al_dia)
    assert (cuerpo(respuesta)["nombre"], cuerpo(respuesta)["email"]) == (None, None)
    assert respuesta.headers["X-Version"] == "1"


def test_como_de_esta_en_el_documento_de_los_tres_detalles(api: FlaskClient) -> None:
    rutas = cuerpo(api.get("/spec"))["paths"]
    for ruta in ("/cliente/{id}", "/pagos/{id}", "/campanias/{id}"):
        parametros = [*rutas[ruta].get("parameters", []), *rutas[ruta]["get"].get("parameters", [])]
        (como_de,) = [uno for uno in parametros if uno.get("name") == "como_de"]
        assert "lo que se sabía entonces" in como_de["description"]
