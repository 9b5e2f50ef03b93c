"""What a whole run says: each affair can be followed by its ids, and nobody's data or secrets can be read."""

import json
from pathlib import Path
from typing import Any

import httpx2

from tests.eventualmente import eventualmente
from tests.recorridos.pila_en_marcha import Pila, cliente, pila

TRAZA = "4bf92f3577b34da6a3ce929d0e0e4736"
PERSONA = {
    "nombre": "Zenobia Quintanilla",
    "email": "zenobia.quintanilla@example.org",
    "cedula": "1717171717",
    "fecha_nacimiento": "1961-02-03",
}
DELICADO = (
    "Zenobia",
    "Quintanilla",
    "example.org",
    "1717171717",
    "1961-02-03",
    "4111111111111111",
    "secreto-en-la-url",
)
"""What is typed in this run, where it belongs and where it does not."""


def test_un_asunto_se_sigue_por_los_procesos_y_nada_delicado_queda_escrito(tmp_path: Path) -> None:
    carpeta = tmp_path / ".alpes"
    with pila(carpeta, "levantar", "--sin-broker") as una:
        una.esperar_lista()
        with cliente(una) as api:
            _hacer_de_todo(api)
            pagado = _pagar(api)
            ver = f"/pagos/{pagado}"
            eventualmente(lambda: api.get(ver).json()["estado"], lambda estado: estado == "COMPLETADO", segundos=30)
        eventualmente(una.al_dia, bool, segundos=30)
    dicho = una.dicho()
    procesos = {linea["proceso"] for linea in _lineas(una) if linea.get("trace_id") == TRAZA}
    assert {"api", "trabajador"} <= procesos
    ordenes = {linea.get("orden") for linea in _lineas(una) if linea.get("correlation_id") == TRAZA}
    assert {"ProcesarPago", "ConfirmarPago"} <= ordenes
    secretos = json.loads((carpeta / "secretos.json").read_text()).values()
    for prohibido in (*DELICADO, "Bearer", *secretos):
        halladas = [linea for linea in dicho.splitlines() if prohibido in linea]
        assert halladas == [], f"se lee «{prohibido[:12]}…»: {halladas[0][:300]}"


def _pagar(api: httpx2.Client) -> str:
    cuerpo = {"partner_id": "P-1", "cycle_id": "C-1", "total_amount": 75.13, "currency": "USD"}
    pedido = api.post("/pagos/pagar", json=cuerpo, headers={"traceparent": f"00-{TRAZA}-00f067aa0ba902b7-01"})
    assert pedido.status_code == 202, pedido.text
    return str(pedido.json()["id"])


def _hacer_de_todo(api: httpx2.Client) -> None:
    """A person's life, well and badly asked, and secrets where somebody may put them by mistake."""
    assert api.post("/cliente/registrar", json={"id": "z-1", **PERSONA}).status_code == 201
    assert api.post("/cliente/registrar", json={"id": "z-2", **PERSONA}).status_code == 400
    assert api.post("/cliente/registrar", json={**PERSONA, "cedula": 1717171717}).status_code == 400
    assert api.post("/cliente/registrar", content=json.dumps(PERSONA)[:-3]).status_code in (400, 415)
    assert api.post("/cliente/z-1/comandos/actualizar", json={"nombre": "Zenobia Q."}).status_code == 202
    assert api.get("/cliente/zenobia.quintanilla@example.org").status_code == 404
    assert api.get("/cliente/z-1?token=secreto-en-la-url&email=zenobia.quintanilla@example.org").status_code == 200
    assert api.get("/nada/Zenobia", headers={"X-Request-Id": "Zenobia Quintanilla"}).status_code == 404
    assert api.get("/auditoria/z-1", headers={"Authorization": "Bearer secreto-en-la-url"}).status_code in (200, 401)
    tarjeta = {"motivo": "cobrar a 4111111111111111"}
    assert api.post(f"/pagos/{_pagar(api)}/comandos/cancelar", json=tarjeta).status_code == 400
    assert api.post("/cliente/z-1/comandos/anonimizar", json={"motivo": "olvido"}).status_code == 202


def _lineas(una: Pila) -> list[dict[str, Any]]:
    """The lines in JSON of every process, without the prefix that says whose they are."""
    cuerpos = [linea.partition("│")[2].strip() for linea in una.dicho().splitlines()]
    return [json.loads(cuerpo) for cuerpo in cuerpos if cuerpo.startswith("{")]
