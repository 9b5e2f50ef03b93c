"""What a whole run says: each affair can be followed by its ids, and nobody's data or secrets can be read."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2

from gateway.config import RAIZ
from gateway.local.pulsar import PulsarLocal
from gateway.pulsar.cliente import conectar
from gateway.topics import Topics
from tests.en_marcha import CON_CREDENCIALES, portador
from tests.eventualmente import eventualmente
from tests.gateway.pulsar.mensajes import comando
from tests.gateway.pulsar.procesos import OtroEquipo
from tests.gateway.sistema import config_de
from tests.recorridos.pila_en_marcha import Pila, cliente, pila

TRAZA = "4bf92f3577b34da6a3ce929d0e0e4736"
PERSONA = {
    "nombre": "Zenobia Quintanilla",
    "email": "zenobia.quintanilla@example.org",
    "cedula": "1717171717",
    "fecha_nacimiento": "1961-02-03",
}
OTRA = {**PERSONA, "email": "otra.zenobia@example.org", "cedula": "1818181818"}
PAGO: dict[str, Any] = {"partner_id": "P-1", "cycle_id": "C-1", "total_amount": 75.13, "currency": "USD"}
DELICADO = (
    "Zenobia",
    "zenobia",
    "Quintanilla",
    "example.org",
    "1717171717",
    "1818181818",
    "1961-02-03",
    "4111111111111111",
    "secreto-en-la-url",
    "Bearer",
    CON_CREDENCIALES["AUTH_JWT_SECRET"],
)
"""What is typed in this run, where it belongs and where it does not."""


def test_un_asunto_se_sigue_por_los_procesos_y_nada_delicado_queda_escrito(
    tmp_path: Path, pulsar_local: PulsarLocal, topics: Topics
) -> None:
    carpeta, admin = tmp_path / ".alpes", portador("admin")
    broker = {"PULSAR_BROKER_URL": pulsar_local.url, "PULSAR_ADMIN_URL": pulsar_local.url_admin}
    with pila(carpeta, "levantar", entorno={**CON_CREDENCIALES, **broker, **topics.todos()}) as una:
        una.esperar_lista()
        llave = _crear_llave(una)
        with cliente(una) as api:
            api.headers.update(admin)
            _hacer_de_todo(api)
            _tocar_puertas(una, llave)
            _mandar_mensajes(pulsar_local, topics)
            ver = f"/pagos/{_pagar(api)}"
            eventualmente(lambda: api.get(ver).json()["estado"], lambda estado: estado == "COMPLETADO")
        lineas = eventualmente(lambda: _lineas(una), _todo_dicho)
        eventualmente(una.al_dia, bool)
    ordenes = {linea.get("orden") for linea in lineas if linea.get("correlation_id") == TRAZA}
    assert {"ProcesarPago", "ConfirmarPago", "CrearPago"} <= ordenes
    enviados = {linea["tipo"] for linea in lineas if linea["proceso"] == "relevo" and linea.get("trace_id") == TRAZA}
    assert len(enviados) > 1
    assert {linea["proceso"] for linea in lineas if "reaccion" in linea} == {"consumidor"}
    assert {401, 403} <= {linea.get("estado") for linea in lineas if linea["proceso"] == "bff"}
    secretos = json.loads((carpeta / "secretos.json").read_text()).values()
    for prohibido in (*DELICADO, llave, admin["Authorization"].rpartition(".")[2], *secretos):
        halladas = [linea for linea in una.dicho().splitlines() if prohibido in linea]
        assert halladas == [], f"se lee «{prohibido[:12]}…»: {halladas[0][:300]}"


def _todo_dicho(lineas: list[dict[str, Any]]) -> bool:
    """Whether each process has told its part of the affair, and the consumer that it parked what it can't read."""
    procesos = {linea["proceso"] for linea in lineas if linea.get("trace_id") == TRAZA}
    aparcado = any(linea["proceso"] == "consumidor" and linea["event"] == "mensaje aparcado" for linea in lineas)
    reaccionado = any("reaccion" in linea for linea in lineas)
    return aparcado and reaccionado and procesos >= {"api", "bff", "trabajador", "relevo", "consumidor"}


def _crear_llave(una: Pila) -> str:
    orden = [sys.executable, "-m", "gateway.cli", "llaves", "crear", "panel", "--rol", "lectura"]
    hecho = subprocess.run(orden, cwd=RAIZ, env=una.entorno(), capture_output=True, text=True, check=True)
    return hecho.stdout.strip()


def _tocar_puertas(una: Pila, llave: str) -> None:
    """At the BFF: a key in use, where it may and where it may not, and credentials that are none."""
    de = {"Authorization": f"Bearer {llave}", "traceparent": f"00-{TRAZA}-00f067aa0ba902b7-01"}
    with httpx2.Client(base_url=f"http://127.0.0.1:{una.ademas['BFF_PORT']}/api/v1", timeout=30) as bff:
        assert bff.get("/clientes?search=Zenobia", headers=de).status_code == 200
        assert bff.get("/search?q=zenobia.quintanilla@example.org", headers=de).status_code == 200
        assert bff.post("/clientes", json=PERSONA, headers=de).status_code == 403
        assert bff.get("/clientes?search=Zenobia").status_code == 401
        for mala in (llave[:-1], "secreto-en-la-url", portador("admin")["Authorization"][7:-2]):
            assert bff.get("/dashboard", headers={"Authorization": f"Bearer {mala}"}).status_code == 401


def _mandar_mensajes(broker: PulsarLocal, topics: Topics) -> None:
    """Commands as messages: one of the affair, a person's, one that is refused, and one that nobody can read."""
    conexion = conectar(config_de("postgresql://nadie", pulsar_broker_url=broker.url, topics=topics))
    otro = OtroEquipo(conexion)
    otro.enviar(topics.comandos["pagos"], comando("CrearPago", **PAGO) | {"correlationId": TRAZA})
    otro.enviar(topics.comandos["cliente"], comando("RegistrarCliente", "z-3", **OTRA))
    otro.enviar(topics.comandos["cliente"], comando("RegistrarCliente", "z-4", **OTRA))
    otro.enviar(topics.comandos["cliente"], json.dumps(PERSONA).encode()[:-3], llave=PERSONA["email"])
    conexion.close()


def _pagar(api: httpx2.Client) -> str:
    pedido = api.post("/pagos/pagar", json=PAGO, headers={"traceparent": f"00-{TRAZA}-00f067aa0ba902b7-01"})
    assert pedido.status_code == 202, pedido.text
    return str(pedido.json()["id"])


def _hacer_de_todo(api: httpx2.Client) -> None:
    """A person's life, well and badly asked, and secrets where somebody may put them by mistake."""
    assert api.post("/cliente/registrar", json={"id": "z-1", **PERSONA}).status_code == 201
    campania = {"idCampania": PAGO["cycle_id"], "idCliente": "z-1", "itinerario": []}
    assert api.post("/campanias/comandos/crear", json=campania).status_code == 202
    assert api.post("/cliente/registrar", json={"id": "z-2", **PERSONA}).status_code == 400
    assert api.post("/cliente/registrar", json={**PERSONA, "cedula": 1717171717}).status_code == 400
    assert api.post("/cliente/registrar", content=json.dumps(PERSONA)[:-3]).status_code in (400, 415)
    assert api.post("/cliente/z-1/comandos/actualizar", json={"nombre": "Zenobia Q."}).status_code == 202
    assert api.get("/cliente/zenobia.quintanilla@example.org").status_code == 404
    assert api.get("/cliente/z-1?token=secreto-en-la-url&email=zenobia.quintanilla@example.org").status_code == 200
    assert api.get("/nada/Zenobia", headers={"X-Request-Id": "Zenobia Quintanilla"}).status_code == 404
    assert api.get("/auditoria/z-1", headers={"Authorization": "Bearer secreto-en-la-url"}).status_code == 401
    tarjeta = {"motivo": "cobrar a 4111111111111111"}
    assert api.post(f"/pagos/{_pagar(api)}/comandos/cancelar", json=tarjeta).status_code == 400
    assert api.post("/cliente/z-1/comandos/anonimizar", json={"motivo": "olvido"}).status_code == 202


def _lineas(una: Pila) -> list[dict[str, Any]]:
    """The lines in JSON of every process, without the prefix that says whose they are."""
    cuerpos = [linea.partition("│")[2].strip() for linea in una.dicho().splitlines()]
    return [json.loads(cuerpo) for cuerpo in cuerpos if cuerpo.startswith("{")]
