"""What is told of the log on its topic: everything that has a message, once, in order, and nothing personal."""

import itertools
import json
from typing import Any

import httpx2
import pulsar
from sqlalchemy import text

from domain.base.contexto import Contexto
from gateway.rastro import traza_de
from gateway.relevos import seguimiento_de_relevo
from gateway.topics import MODULOS
from tests.eventualmente import eventualmente
from tests.gateway.relevo.apoyo import PERSONALES, Mesa
from tests.gateway.sistema import AYER, pago_hecho


def pedir(mesa: Mesa, metodo: str, ruta: str, **lo_demas: Any) -> str:
    """Ask the broker's administration about the topic of payments."""
    topic = mesa.config.topics.eventos["pagos"].removeprefix("persistent://")
    url = f"{mesa.config.pulsar_admin_url}/admin/v2/persistent/{topic}{ruta}"
    return httpx2.request(metodo, url, timeout=60, **lo_demas).raise_for_status().text


def todo_lo_del_topic(mesa: Mesa, modulo: str) -> list[pulsar.Message]:
    lector = mesa.cliente.create_reader(mesa.config.topics.eventos[modulo], pulsar.MessageId.earliest)
    mensajes = []
    while lector.has_message_available():
        mensajes.append(lector.read_next(60_000))
    lector.close()
    return mensajes


def test_todo_lo_que_se_cuenta_queda_en_su_topic_una_vez_y_en_orden(mesa: Mesa) -> None:
    mesa.vida()
    with mesa.relevando(*MODULOS):
        mesa.exigir_todo_una_vez_y_en_orden(*MODULOS)
        mesa.vida()
        contados = mesa.exigir_todo_una_vez_y_en_orden(*MODULOS)
    assert [uno.mensaje.tipo for uno in contados] == ["CampaniaCreada.v1"]


def test_la_llave_las_propiedades_y_el_esquema_son_los_del_contrato(mesa: Mesa) -> None:
    mesa.vida()
    with mesa.relevando():
        contados = mesa.exigir_todo_una_vez_y_en_orden()
    crudos = todo_lo_del_topic(mesa, "pagos")
    assert [uno.partition_key() for uno in crudos] == [uno.mensaje.aggregate_id for uno in contados]
    assert {uno.producer_name() for uno in crudos} == {"alpes-relevo-pagos"}
    assert {uno._message.int_schema_version() for uno in crudos} == {0}
    assert [uno.properties()["posicion"] for uno in crudos] == [str(uno.mensaje.posicion) for uno in contados]
    for anterior, siguiente in itertools.pairwise(contados):
        assert siguiente.mensaje.posicion_anterior == anterior.mensaje.posicion
    assert contados[0].mensaje.posicion_anterior == 0


def test_cada_mensaje_lleva_la_correlacion_y_la_traza_de_su_asunto(mesa: Mesa) -> None:
    traza = "0af7651916cd43dd8448eb211c80319c"
    for correlacion in (traza, "pedido-7", ""):
        mesa.sistema.pagos.ejecutar(pago_hecho("CICLO"), Contexto(AYER, correlation_id=correlacion))
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    vistas = [uno.properties() for uno in todo_lo_del_topic(mesa, "pagos")]
    assert [uno["correlationId"] for uno in vistas] == [traza] * 4 + ["pedido-7"] * 4 + [""] * 4
    assert {uno["traceparent"][:36] for uno in vistas[:4]} == {f"00-{traza}-"}
    assert {uno["traceparent"][3:35] for uno in vistas[4:8]} == {traza_de("pedido-7")}
    assert not any("traceparent" in uno for uno in vistas[8:])
    tramos = [uno["traceparent"][36:52] for uno in vistas[:8]]
    assert len(set(tramos)) == len(tramos)


def test_nada_personal_sale_por_ningun_topic(mesa: Mesa) -> None:
    mesa.vida()
    with mesa.relevando(*MODULOS):
        mesa.exigir_todo_una_vez_y_en_orden(*MODULOS)
    for modulo in MODULOS:
        dicho = b"".join(uno.data() + json.dumps(uno.properties()).encode() for uno in todo_lo_del_topic(mesa, modulo))
        assert dicho
        assert [uno for uno in PERSONALES if uno.encode() in dicho] == []


def test_sigue_donde_quedo_aunque_otros_hayan_escrito_despues(mesa: Mesa) -> None:
    mesa.pagar(5)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    ajeno = mesa.cliente.create_producer(mesa.config.topics.eventos["pagos"])
    for _ in range(30):
        ajeno.send(b'{"type": "PagoConfirmado", "data": {"idCampania": "CAMP001"}}')
    ajeno.close()
    # A relay keeps its turn while it looks for its end behind theirs: they may be more than it can read before it ends.
    latidos: list[None] = []
    cola = mesa.topico().cola(lambda: latidos.append(None))
    assert cola is not None
    assert cola.mensaje == mesa.por_contar()[-1]
    assert len(latidos) > 30
    mesa.pagar(5)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()


def test_lo_que_dice_el_topic_vale_mas_que_la_posicion_guardada(mesa: Mesa) -> None:
    # Without the broker's help, which would drop what is sent again.
    mesa.pagar(5)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    pedir(mesa, "POST", "/deduplicationEnabled", json=False)
    eventualmente(lambda: pedir(mesa, "GET", "/deduplicationEnabled"), lambda dicho: dicho == "false")
    pedir(mesa, "PUT", "/unload")
    for falsa in (0, 10**6):
        with mesa.sistema.motor.begin() as conexion:
            conexion.execute(
                text("UPDATE seguimiento SET notification_id = :falsa WHERE application_name = :nombre"),
                {"falsa": falsa, "nombre": seguimiento_de_relevo("pagos")},
            )
        mesa.pagar(3)
        with mesa.relevando():
            ultima = mesa.exigir_todo_una_vez_y_en_orden()[-1].mensaje.posicion
            eventualmente(mesa.guardada, ultima.__eq__)


def test_un_topic_nuevo_se_llena_desde_el_principio(mesa: Mesa) -> None:
    mesa.pagar(5)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    pedir(mesa, "DELETE", "", params={"force": "true"})
    mesa.pagar(2)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()


def test_dos_relevos_a_la_vez_no_repiten_nada_y_el_segundo_toma_el_lugar_del_primero(mesa: Mesa) -> None:
    with mesa.relevando() as primero, mesa.relevando():
        for _ in range(5):
            mesa.pagar(10)
            mesa.exigir_todo_una_vez_y_en_orden()
        primero.set()
        mesa.pagar(10)
        mesa.exigir_todo_una_vez_y_en_orden()
