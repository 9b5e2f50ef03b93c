"""The past over HTTP: who did what when, and how things stood."""

import psycopg
import pytest
from flask.testing import FlaskClient

from tests.gateway.http.conftest import ANA, CAMPANIA, HECHO, PAGO, cuerpo


def test_la_historia_de_un_pago(api: FlaskClient) -> None:
    pago = api.post("/pagos/pagar", json=HECHO)
    historia = cuerpo(api.get(f"/auditoria/{cuerpo(pago)['id']}"))
    assert list(historia) == ["stream", "modulo", "eventos", "estado"]
    assert historia["modulo"] == "pagos"
    tipos = ["PagoCreado.v1", "PagoComisionCalculada.v1", "PagoProcesado.v1", "PagoConfirmado.v1"]
    assert [evento["tipo"] for evento in historia["eventos"]] == tipos
    assert [evento["version"] for evento in historia["eventos"]] == [1, 2, 3, 4]
    assert historia["eventos"][-1]["posicion"] == int(pago.headers["X-Posicion"].partition(":")[2])
    assert historia["eventos"][0]["datos"]["monto"] == {"valor": 1250.5, "moneda": "USD"}
    assert historia["eventos"][3]["datos"]["completed_at"] == "2024-09-13T10:32:15"
    assert list(historia["eventos"][0]) == [
        "posicion",
        "version",
        "tipo",
        "timestamp",
        "usuario",
        "correlation_id",
        "causation_id",
        "datos",
    ]
    assert (historia["estado"]["estado"], historia["estado"]["version"]) == ("COMPLETADO", 4)


def test_hasta_una_version_muestra_lo_que_era_entonces(api: FlaskClient) -> None:
    payout = cuerpo(api.post("/pagos/pagar", json=HECHO))["id"]
    historia = cuerpo(api.get(f"/auditoria/{payout}?hasta=3"))
    assert (len(historia["eventos"]), historia["estado"]["estado"]) == (3, "PROCESANDO")
    assert api.get(f"/auditoria/{payout}?hasta=0").status_code == 404


def test_hasta_un_instante_muestra_lo_que_se_sabia_entonces(api: FlaskClient) -> None:
    payout = cuerpo(api.post("/pagos/pagar", json=PAGO))["id"]
    momento = cuerpo(api.get(f"/auditoria/{payout}"))["eventos"][0]["timestamp"]
    for hasta in (momento, momento + "Z", momento + "+00:00", momento[:10]):
        assert len(cuerpo(api.get(f"/auditoria/{payout}?hasta={hasta}"))["eventos"]) == 2
    assert api.get(f"/auditoria/{payout}?hasta=2020-01-01").status_code == 404
    for malo in ("ayer", "-1", ""):
        assert api.get(f"/auditoria/{payout}?hasta={malo}").status_code == 400


def test_hasta_un_instante_no_importa_lo_que_no_se_puede_leer_despues(api: FlaskClient, db_url: str) -> None:
    payout = cuerpo(api.post("/pagos/pagar", json=HECHO))["id"]
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("INSERT INTO pagos_events VALUES (%s, 5, 'PagoRevertido.v1', '{}')", [payout])
    assert api.get(f"/auditoria/{payout}?hasta=2020-01-01").status_code == 404
    assert len(cuerpo(api.get(f"/auditoria/{payout}?hasta=4"))["eventos"]) == 4
    # It may have been recorded by then: nobody can tell.
    assert api.get(f"/auditoria/{payout}?hasta=9999-01-01").status_code == 500


def test_un_id_en_dos_modulos_pide_el_modulo(api: FlaskClient) -> None:
    api.post("/cliente/registrar", json=ANA)
    api.post("/campanias/comandos/crear", json={**CAMPANIA, "idCampania": "ana"})
    ambigua = api.get("/auditoria/ana")
    assert (ambigua.status_code, list(cuerpo(ambigua))) == (409, ["error"])
    for modulo in ("cliente", "campanias"):
        assert cuerpo(api.get(f"/auditoria/ana?modulo={modulo}"))["modulo"] == modulo
    assert api.get("/auditoria/ana?modulo=pagos").status_code == 404
    assert api.get("/auditoria/ana?modulo=otro").status_code == 400


def test_los_datos_de_una_persona_olvidada_son_nulos(api: FlaskClient) -> None:
    api.post("/cliente/registrar", json=ANA)
    assert cuerpo(api.get("/auditoria/ana"))["eventos"][0]["datos"]["email"] == ANA["email"]
    api.post("/cliente/ana/comandos/anonimizar", json={"motivo": "lo pidió"})
    respuesta = api.get("/auditoria/ana?hasta=1")
    historia = cuerpo(respuesta)
    assert historia["eventos"][0]["datos"] == dict.fromkeys(("nombre", "email", "cedula", "fecha_nacimiento"))
    assert historia["estado"]["nombre"] is None
    for dato in (ANA["nombre"], ANA["email"], ANA["cedula"]):
        assert dato not in respuesta.text


@pytest.mark.parametrize("stream", ["nada", "email:abc", "espera:CYCLE-2024-09", "%00"])
def test_lo_interno_y_lo_que_no_existe_es_un_404(api: FlaskClient, stream: str) -> None:
    api.post("/pagos/pagar", json=HECHO)
    respuesta = api.get(f"/auditoria/{stream}")
    assert (respuesta.status_code, list(cuerpo(respuesta))) == (404, ["error"])
