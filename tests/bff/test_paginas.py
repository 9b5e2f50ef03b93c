"""What the pages look like over HTTP, from the first client on: through the real core, the real tables."""

from flask.testing import FlaskClient

from bff.infrastructure.web.app import documento
from tests.bff.casa import Casa, P, cuando_llegue
from tests.gateway.http.conftest import ANA, CAMPANIA, HECHO, PAGO

MARIA = {
    "nombre": "María González",
    "email": "maria@example.com",
    "cedula": "87654321",
    "fecha_nacimiento": "1990-05-20",
}


def test_un_cliente_nuevo_se_ve_enseguida_en_todas_partes(casa: Casa) -> None:
    respuesta = casa.enviar("clientes", MARIA)
    creado = respuesta.json
    assert respuesta.status_code == 201
    assert set(creado) == {"id", "nombre", "email", "cedula", "fecha_nacimiento", "fecha_registro"}
    assert (creado["fecha_nacimiento"], creado["fecha_registro"][-1]) == ("1990-05-20T00:00:00Z", "Z")
    fila = {"id": creado["id"], "nombre": MARIA["nombre"], "email": MARIA["email"]}
    (vista,) = casa.ver("clientes?search=GONZALEZ")["data"]
    assert vista == {**fila, "fecha_registro": creado["fecha_registro"], "total_pagos": 0, "ultimo_pago": None}
    detalle = casa.ver(f"clientes/{creado['id']}")
    assert detalle["cliente"] == {**fila, "cedula": "87654321", "fecha_registro": creado["fecha_registro"]}
    assert (detalle["pagos_recientes"], detalle["campanias_activas"]) == ([], [])
    assert casa.ver("dashboard")["clientes_recientes"] == [fila]
    assert casa.ver("search?q=gonz")["results"]["clientes"] == [{**fila, "tipo": "cliente", "relevancia": 0.4}]


def test_lo_mal_dicho_de_un_cliente_se_dice_campo_por_campo(casa: Casa) -> None:
    respuesta = casa.enviar("clientes", {"nombre": "", "email": 7, "cedula": "x1"})
    assert (respuesta.status_code, respuesta.json["error"]) == (400, "Datos inválidos")
    assert respuesta.json["details"] == {
        "nombre": ["es requerido"],
        "email": ["debe ser un texto"],
        "fecha_nacimiento": ["es requerido"],
    }
    assert casa.enviar("clientes", {**MARIA, "cedula": "x1"}).json["details"] == {
        "cedula": ["Cédula debe ser numérica"]
    }
    nacida = casa.enviar("clientes", {**MARIA, "fecha_nacimiento": "ayer"}).json
    assert nacida["details"] == {"fecha_nacimiento": ["debe ser una fecha ISO 8601"]}
    casa.enviar("clientes", MARIA)
    repetida = casa.enviar("clientes", {**MARIA, "cedula": "11111"})
    assert repetida.json["details"] == {"email": ["Email ya existe en el sistema"]}
    assert repetida.headers["X-Codigo-Error"] == "EMAIL_YA_REGISTRADO"


def test_un_pago_se_entrega_al_core_y_se_ve_entero(casa: Casa) -> None:
    cuerpo = {**HECHO, "payment_method_type": "CREDIT_CARD", "payment_method_mask": "****1234"}
    respuesta = casa.enviar("pagos", cuerpo, **{"Idempotency-Key": "k1"})
    payout = respuesta.json["id"]
    assert (respuesta.status_code, respuesta.headers["Location"]) == (202, f"{P}/pagos/{payout}")
    otra = casa.enviar("pagos", cuerpo, **{"Idempotency-Key": "k1"})
    assert (otra.json["id"], otra.headers["Idempotent-Replayed"]) == (payout, "true")
    assert casa.enviar("pagos", {**cuerpo, "currency": "EUR"}, **{"Idempotency-Key": "k1"}).status_code == 409
    detalle = casa.ver(f"pagos/{payout}")
    assert detalle["pago"] == {
        "id": payout, "partner_id": "PARTNER001", "cycle_id": "CYCLE-2024-09", "monto": 1250.5, "moneda": "USD",
        "estado": "COMPLETADO", "metodo_pago": {"tipo": "CREDIT_CARD", "mascara": "****1234"},
        "fecha_creacion": "2024-09-13T10:30:00Z", "fecha_procesamiento": "2024-09-13T10:30:00Z",
        "fecha_completado": "2024-09-13T10:32:15Z",
    }  # fmt: skip
    assert [una["monto"] for una in detalle["transacciones"]] == [125.05]
    assert detalle["auditoria"]["eventos"][-1] == {
        "timestamp": "2024-09-13T10:32:15Z", "evento": "PagoCompletado", "usuario": "payment-processor",
    }  # fmt: skip
    assert casa.ver(f"pagos/{payout}?como_de=2999-01-01") == detalle
    lista = casa.ver("pagos?estado=COMPLETED&fecha_desde=2024-09-13&fecha_hasta=2024-09-13&monto_min=1250.50")
    assert [fila["id"] for fila in lista["data"]] == [payout]
    assert lista["agregaciones"]["total_monto"] == 1250.5


def test_una_comision_de_nada_se_devuelve_sin_signo_hoy_y_en_el_pasado(casa: Casa) -> None:
    ruta = f"pagos/{casa.enviar('pagos', {**PAGO, 'total_amount': 0.01}).json['id']}"
    casa.ordenar(f"/{ruta}/comandos/cancelar", {"motivo": "ya no"})
    for pagina in (ruta, f"{ruta}?como_de=2999-01-01"):
        assert [str(una["monto"]) for una in casa.ver(pagina)["transacciones"]] == ["0.0", "0.0"]


def test_lo_que_el_core_rechaza_se_dice_con_sus_palabras(casa: Casa) -> None:
    respuesta = casa.enviar("pagos", {**PAGO, "total_amount": -1})
    assert respuesta.status_code == 400
    assert respuesta.json["error"] == respuesta.json["message"]
    assert respuesta.headers["X-Codigo-Error"] == "MONTO_NO_POSITIVO"
    assert casa.enviar("campanias", {}).json["error"] == "idCampania, idCliente y itinerario[] son requeridos"


def test_una_campania_pagada_se_ve_con_todo_lo_suyo(casa: Casa) -> None:
    casa.ordenar("/cliente/registrar", ANA)
    respuesta = casa.enviar("campanias", CAMPANIA)
    assert (respuesta.status_code, respuesta.json["data"]["idCampania"]) == (202, "CAMP001")
    payout = casa.enviar("pagos", {**HECHO, "cycle_id": "CAMP001"}).json["id"]
    detalle = casa.ver("campanias/CAMP001")
    assert (detalle["campania"]["cliente_nombre"], detalle["itinerario"]) == ("Ana Núñez", ["Madrid", "Valencia"])
    assert [uno["id"] for uno in detalle["pagos"]] == [payout]
    assert detalle["auditoria"]["eventos"][0]["evento"] == "CampaniaCreada"
    assert casa.ver("clientes/ana")["estadisticas"]["monto_total"] == 1250.5
    (fila,) = casa.ver("campanias?cliente_id=ana")["data"]
    assert fila == detalle["campania"]


def test_un_cliente_anonimizado_desaparece_de_todo_y_su_detalle_lo_dice(casa: Casa) -> None:
    casa.ordenar("/cliente/registrar", ANA)
    assert casa.ver("dashboard")["total_clientes"] == 1
    casa.ordenar("/cliente/ana/comandos/anonimizar", {"motivo": "lo pidió"})
    assert casa.ver("dashboard")["total_clientes"] == 0
    assert casa.ver("clientes")["pagination"] == {
        "page": 1, "per_page": 20, "total": 0, "pages": 0, "has_next": False, "has_prev": False,
    }  # fmt: skip
    assert casa.ver("search?q=nunez")["total_results"] == 0
    cliente = casa.ver("clientes/ana")["cliente"]
    assert (cliente["nombre"], cliente["email"], cliente["cedula"]) == (None, None, None)
    assert cliente["estado"] == "ANONIMIZADO"


def test_lo_que_no_existe_es_un_404_y_lo_aceptado_nunca(casa: Casa, bff: FlaskClient) -> None:
    for ruta in (
        "clientes/nadie",
        "pagos/payout-1",
        "campanias/K9",
        "pagos/%00",
        "clientes/a:b",
        "pagos/..%3Fx",
        "campanias/...",
    ):
        assert set(casa.ver(ruta, 404)) == {"error", "message"}
    # No position is told: the page waits for the row by itself.
    payout = bff.post(f"{P}/pagos", json=PAGO).json["id"]  # type: ignore[index]
    assert cuando_llegue(lambda: bff.get(f"{P}/pagos/{payout}")).status_code == 200
    lejos = bff.get(f"{P}/pagos", headers={"X-Posicion-Minima": "pagos:999999999"})
    assert (lejos.status_code, lejos.headers["Retry-After"]) == (503, "1")


def test_el_documento_describe_cada_ruta() -> None:
    paginas = {ruta: que for ruta, que in documento()["paths"].items() if ruta.startswith("/api/v1/")}
    assert len(paginas) == 9
    assert sum(len([uno for uno in ruta if uno in ("get", "post")]) for ruta in paginas.values()) == 12
