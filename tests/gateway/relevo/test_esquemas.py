"""The envelope in the broker's registry: who reads an old one goes on reading, and nothing that breaks them gets in."""

import copy
import json
from dataclasses import replace
from typing import Any

import pulsar
import pytest

from gateway.pulsar.admin import Administracion
from gateway.pulsar.contratos import ENVOLTURA, Mensaje, leer
from gateway.pulsar.errores import FallaDeBroker
from tests.gateway.relevo.apoyo import Mesa


def administracion(mesa: Mesa) -> Administracion:
    hallada = Administracion.de(mesa.config)
    assert hallada is not None
    return hallada


def con_un_campo_mas() -> dict[str, Any]:
    esquema: dict[str, Any] = copy.deepcopy(dict(ENVOLTURA))
    esquema["fields"].insert(2, {"name": "region", "type": ["null", "string"], "default": None})
    return esquema


def test_un_consumidor_viejo_sigue_leyendo_cuando_el_sobre_crece(mesa: Mesa) -> None:
    topic = mesa.config.topics.eventos["pagos"]
    mesa.pagar()
    with mesa.relevando():
        antes = [uno.mensaje for uno in mesa.exigir_todo_una_vez_y_en_orden()]
    mas_nuevo = con_un_campo_mas()
    with administracion(mesa) as admin:
        assert admin.subir_esquema(topic, json.dumps(mas_nuevo)) == 1
    productor = mesa.cliente.create_producer(
        topic, schema=pulsar.schema.AvroSchema(None, schema_definition=copy.deepcopy(mas_nuevo))
    )
    productor.send({**_crudo(antes[0]), "region": "andina"}, partition_key=antes[0].aggregate_id)
    productor.close()
    leidos = [_leer_como_antes(mesa, uno) for uno in _todos(mesa, topic)]
    assert leidos == [*antes, antes[0]]


def test_el_relevo_sigue_contando_despues_de_que_el_sobre_crecio(mesa: Mesa) -> None:
    mesa.pagar()
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    with administracion(mesa) as admin:
        admin.subir_esquema(mesa.config.topics.eventos["pagos"], json.dumps(con_un_campo_mas()))
    mesa.pagar()
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()


@pytest.mark.parametrize("rotura", ["quita", "obliga", "cambia"])
def test_el_broker_no_admite_un_sobre_que_rompe_a_quien_lee(mesa: Mesa, rotura: str) -> None:
    topic = mesa.config.topics.eventos["pagos"]
    with mesa.relevando():
        mesa.pagar()
        mesa.exigir_todo_una_vez_y_en_orden()
    esquema: dict[str, Any] = copy.deepcopy(dict(ENVOLTURA))
    if rotura == "quita":
        esquema["fields"] = esquema["fields"][1:]
    elif rotura == "obliga":
        esquema["fields"].append({"name": "region", "type": "string"})
    else:
        esquema["fields"][5]["type"] = "string"
    with administracion(mesa) as admin, pytest.raises(FallaDeBroker):
        admin.subir_esquema(topic, json.dumps(esquema))


def test_sin_administracion_el_propio_productor_registra_el_esquema(mesa: Mesa) -> None:
    topic = mesa.config.topics.eventos["pagos"]
    sin = Mesa(mesa.sistema, replace(mesa.config, pulsar_admin_url=None), mesa.cliente)
    sin.pagar()
    with sin.relevando():
        sin.exigir_todo_una_vez_y_en_orden()
    with administracion(mesa) as admin:
        registrado = admin.esquema(topic)
    assert registrado is not None
    assert [campo["name"] for campo in json.loads(registrado)["fields"]] == [
        campo["name"] for campo in ENVOLTURA["fields"]
    ]


def _crudo(mensaje: Mensaje) -> dict[str, Any]:
    return {
        "eventId": mensaje.event_id, "type": mensaje.tipo, "schemaVersion": mensaje.schema_version,
        "aggregateId": mensaje.aggregate_id, "aggregateType": mensaje.aggregate_type, "secuencia": mensaje.secuencia,
        "posicion": mensaje.posicion, "posicionAnterior": mensaje.posicion_anterior,
        "ocurridoEn": mensaje.ocurrido_en, "correlationId": mensaje.correlation_id,
        "causationId": mensaje.causation_id, "data": json.dumps(mensaje.datos),
    }  # fmt: skip


def _todos(mesa: Mesa, topic: str) -> list[pulsar.Message]:
    lector, mensajes = mesa.cliente.create_reader(topic, pulsar.MessageId.earliest), []
    while lector.has_message_available():
        mensajes.append(lector.read_next(60_000))
    lector.close()
    return mensajes


def _leer_como_antes(mesa: Mesa, mensaje: pulsar.Message) -> Mensaje:
    """As a consumer built with the first envelope does: it asks the registry how the message was written."""
    version = mensaje._message.int_schema_version()
    with administracion(mesa) as admin:
        escrito_con = admin.esquema(mensaje.topic_name(), version)
    assert escrito_con is not None
    return leer(mensaje.data(), version, json.loads(escrito_con))
