"""The trail in words: who, when, because of what, and what changed field by field."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from domain.base.agregado import Agregado, Evento
from domain.campanias.agregado import Campania
from domain.cliente.agregado import Cliente
from domain.pagos.agregado import Payout
from gateway.auditoria.cambios import Cambio, pasos
from gateway.auditoria.historia import Contado
from gateway.auditoria.palabras import contar_en_palabras, explicar_cambios, explicar_causa
from tests.gateway.http.conftest import ANA, HECHO, PAGO, cuerpo
from tests.projections.ejemplos import a_las, campania, cliente, dolares, payout, tras
from tests.projections.log_en_memoria import eventos_de

PUBLICOS: tuple[type[Agregado], ...] = (Cliente, Payout, Campania)


def contados(*agregados: Agregado) -> list[Contado]:
    eventos = eventos_de(*agregados)
    return [Contado(posicion, evento.TOPIC, evento) for posicion, evento in enumerate(eventos, 1)]


def cambios_de(agregado: Agregado) -> list[list[str]]:
    return [explicar_cambios(paso.cambios) for paso in pasos(contados(agregado))]


def pago_deshecho() -> Payout:
    uno = payout()
    with a_las(tras(1)):
        uno.procesar(tras(1))
        uno.confirmar("TX-1", tras(1), tras(1))
    with a_las(tras(9)):
        uno.revertir("devolución")
    return uno


def test_cada_evento_de_un_pago_dice_lo_que_cambio() -> None:
    creado, comision, procesado, confirmado, revertido, devuelta = cambios_de(pago_deshecho())
    assert "estado: PENDIENTE" in creado
    assert "monto: 1250.50 USD" in creado
    assert comision == ["comision: 125.05 USD"]
    assert procesado == ["estado: PENDIENTE → PROCESANDO", "processed_at: 2026-03-01T12:00:01"]
    assert confirmado == [
        "estado: PROCESANDO → COMPLETADO",
        "confirmation_id: TX-1",
        "completed_at: 2026-03-01T12:00:01",
    ]
    assert revertido == ["estado: COMPLETADO → REVERTIDO"]
    assert devuelta == ["comision_revertida: sí"]


def test_lo_que_entra_y_sale_de_una_coleccion_se_nombra_uno_por_uno() -> None:
    una = campania(presupuesto=Decimal(1000), moneda="USD")
    with a_las(tras(1)):
        una.asociar_pago("payout-1")
        una.activar(tras(1))
        una.registrar_gasto("G-1", dolares(2550))
        una.asociar_pago("payout-2")
        una.desasociar_pago("payout-1", "revertido")
    _, aprobada, _, gasto, asociado, desasociado = cambios_de(una)
    assert aprobada == [
        "estado: PENDIENTE → APROBADA",
        "pagos.confirmados: payout-1",
        "pagos.vigentes: payout-1",
    ]
    assert gasto == ["cuenta.gastos.G-1: 25.50 USD", "cuenta.gastado: 25.50 USD"]
    assert asociado == ["pagos.confirmados: payout-2", "pagos.vigentes: payout-2"]
    assert desasociado == ["pagos.caidos: payout-1", "pagos.vigentes: payout-1 → —"]


@pytest.mark.parametrize("clase", [
    clase for agregado in PUBLICOS for nombre, clase in vars(agregado).items()
    if isinstance(clase, type) and issubclass(clase, Evento) and nombre != "Event"
])  # fmt: skip
def test_cada_evento_tiene_su_frase(clase: type[Evento]) -> None:
    evento = object.__new__(clase)
    object.__setattr__(evento, "__dict__", {campo: _muestra(campo) for campo in _campos(clase)})
    frase = contar_en_palabras(evento)
    assert not frase.startswith(clase.TOPIC.partition(".")[0])


def test_los_datos_de_una_persona_no_estan_en_las_frases() -> None:
    ana = cliente()
    assert [contar_en_palabras(uno.evento) for uno in contados(ana)] == ["Se registró el cliente"]


def test_la_causa_es_una_peticion_u_otro_evento() -> None:
    (registrado,) = contados(cliente())
    evento = registrado.evento
    assert explicar_causa(evento) == "por sí mismo, sin petición"
    object.__setattr__(evento, "causation_id", "pagos:payout-1:4")
    assert explicar_causa(evento) == "por el evento 4 de payout-1 (pagos)"
    object.__setattr__(evento, "causation_id", "abc123")
    assert explicar_causa(evento) == "por la petición abc123"


def test_un_cambio_a_nada_se_ve() -> None:
    assert explicar_cambios([Cambio("motivo", "x", None)]) == ["motivo: x → —"]


def test_la_auditoria_por_http_se_cuenta_en_palabras_si_se_pide(api: FlaskClient) -> None:
    payout_id = cuerpo(api.post("/pagos/pagar", json=HECHO, headers={"X-Request-Id": "caja-7"}))["id"]
    eventos = cuerpo(api.get(f"/auditoria/{payout_id}?relato=true"))["eventos"]
    assert [evento["resumen"] for evento in eventos] == [
        "Se informó de un pago de 1250.50 USD a PARTNER001, ciclo CYCLE-2024-09",
        "Se calculó la comisión, 125.05 USD: 10 % de 1250.50 USD (política ESTANDAR, versión 1)",
        "Se entregó al procesador, intento 1",
        "Se pagó, con el comprobante CONF-1",
    ]
    assert {evento["causa"] for evento in eventos} == {"por la petición caja-7"}
    assert {"campo": "estado", "antes": "PROCESANDO", "despues": "COMPLETADO"} in eventos[3]["cambios"]
    sin_pedirlo = cuerpo(api.get(f"/auditoria/{payout_id}"))
    assert "cambios" not in sin_pedirlo["eventos"][0]
    con_relato = cuerpo(api.get(f"/auditoria/{payout_id}?relato=true"))
    assert con_relato["estado"] == sin_pedirlo["estado"]


def test_el_relato_se_pide_con_true_o_false(api: FlaskClient) -> None:
    payout_id = cuerpo(api.post("/pagos/pagar", json=PAGO))["id"]
    assert api.get(f"/auditoria/{payout_id}?relato=quizá").status_code == 400
    assert api.get(f"/auditoria/{payout_id}?relato=false").status_code == 200


def test_el_relato_de_una_persona_olvidada_no_la_nombra(api: FlaskClient) -> None:
    api.post("/cliente/registrar", json=ANA)
    api.post("/cliente/ana/comandos/anonimizar", json={"motivo": "lo pidió"})
    respuesta = api.get("/auditoria/ana?relato=true")
    for dato in (ANA["nombre"], ANA["email"], ANA["cedula"]):
        assert dato not in respuesta.text


def _campos(clase: type[Evento]) -> set[str]:
    return {campo for base in clase.__mro__ for campo in vars(base).get("__annotations__", {}) if campo.islower()}


def _muestra(campo: str) -> Any:
    return (
        dolares(100) if campo in ("monto", "comision", "base", "presupuesto") else 10 if campo == "tasa_pb" else campo
    )
