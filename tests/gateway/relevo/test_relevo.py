"""What is told of the log on its topic: everything that has a message, once, in order, and nothing personal."""

import itertools
import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pulsar
import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from msgspec.structs import replace
from sqlalchemy import text

from gateway.eventos.recorder import Recorder
from gateway.pulsar.cliente import conectar
from gateway.pulsar.contratos import Mensaje
from gateway.pulsar.emisor import Emisor
from gateway.pulsar.relevo import Relevo
from gateway.relevos import seguimiento_de_relevo
from gateway.topics import MODULOS
from tests.eventualmente import eventualmente
from tests.gateway.relevo.apoyo import PERSONALES, Mesa


@contextmanager
def como_el_relevo(mesa: Mesa) -> Iterator[Emisor]:
    """A producer that the broker takes for the relay's."""
    cliente = conectar(mesa.config)
    yield Emisor(cliente, mesa.config.topics.eventos["pagos"], "pagos")
    cliente.close()


def enviar(emisor: Emisor, mensajes: Iterable[Mensaje]) -> None:
    for mensaje in mensajes:
        emisor.enviar(mensaje)
    eventualmente(lambda: _pendientes(emisor), lambda pendientes: pendientes == 0)


def _pendientes(emisor: Emisor) -> int:
    emisor.recoger()
    return emisor.pendientes


def pedir(mesa: Mesa, metodo: str, ruta: str, **lo_demas: Any) -> str:
    """Ask the broker's administration about the topic of payments."""
    topic = mesa.config.topics.eventos["pagos"].removeprefix("persistent://")
    url = f"{mesa.config.pulsar_admin_url}/admin/v2/persistent/{topic}{ruta}"
    return httpx2.request(metodo, url, **lo_demas).raise_for_status().text


def todo_lo_del_topic(mesa: Mesa, modulo: str) -> list[pulsar.Message]:
    lector = mesa.cliente.create_reader(mesa.config.topics.eventos[modulo], pulsar.MessageId.earliest)
    mensajes = []
    while lector.has_message_available():
        mensajes.append(lector.read_next(5000))
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


def test_un_productor_que_vuelve_a_enviar_lo_suyo_no_lo_repite(mesa: Mesa) -> None:
    mesa.pagar(5)
    with mesa.relevando():
        contados = mesa.exigir_todo_una_vez_y_en_orden()
    with como_el_relevo(mesa) as emisor:
        enviar(emisor, [uno.mensaje for uno in contados])
        assert emisor.repetidos == len(contados)
    mesa.exigir_todo_una_vez_y_en_orden()


def test_un_topic_que_sabe_mas_que_el_registro_detiene_el_relevo(mesa: Mesa) -> None:
    mesa.pagar(5)
    with mesa.relevando():
        contados = mesa.exigir_todo_una_vez_y_en_orden()
    ultimo = contados[-1].mensaje
    with como_el_relevo(mesa) as emisor:
        enviar(emisor, [replace(ultimo, posicion=ultimo.posicion + 50, event_id="pagos:payout-perdido:1")])
    mesa.pagar(30)
    relevo = Relevo(mesa.sistema.pagos, mesa.config, mesa.sistema.motor)
    assert relevo.paso(threading.Event()) > 0
    assert len(mesa.contados()) == len(contados) + 1


def test_lo_que_no_se_puede_leer_detiene_el_relevo_y_no_se_salta(mesa: Mesa) -> None:
    mesa.pagar(2)
    antes = mesa.por_contar()
    recorder: Recorder = mesa.sistema.pagos.recorder  # type: ignore[assignment]
    recorder.insert_events([StoredEvent("payout-roto", 1, "PagoConfirmado.v1", b'{"roto": true}')])
    mesa.pagar(2)
    with pytest.raises(MapperDeserialisationError, match="payout-roto"):
        Relevo(mesa.sistema.pagos, mesa.config, mesa.sistema.motor).paso(threading.Event())
    assert [uno.mensaje for uno in mesa.contados()] == antes
