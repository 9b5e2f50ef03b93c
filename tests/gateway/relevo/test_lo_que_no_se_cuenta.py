"""What the relay refuses to tell: what the topic has, what the log doesn't, what nobody can read."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from eventsourcing.persistence import MapperDeserialisationError, StoredEvent
from msgspec.structs import replace
from sqlalchemy import text

from gateway.eventos.recorder import Recorder
from gateway.pulsar.cliente import conectar
from gateway.pulsar.contratos import Mensaje
from gateway.pulsar.emisor import Emisor, nombre_de
from gateway.pulsar.relevo import Relevo
from gateway.pulsar.reparacion import reparar
from gateway.pulsar.topico import Contado
from gateway.relevos import relevos
from tests.eventualmente import eventualmente
from tests.gateway.cli.orden import Alpes
from tests.gateway.relevo.apoyo import Mesa


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


def adelantar(mesa: Mesa) -> list[Contado]:
    """The topic gets a message that our log does not have; gives those that it has."""
    mesa.pagar(5)
    with mesa.relevando():
        contados = mesa.exigir_todo_una_vez_y_en_orden()
    ultimo = contados[-1].mensaje
    with como_el_relevo(mesa) as emisor:
        enviar(emisor, [replace(ultimo, posicion=ultimo.posicion + 50, event_id="pagos:payout-perdido:1")])
    return contados


def _pendientes(emisor: Emisor) -> int:
    emisor.recoger()
    return emisor.pendientes


def test_un_productor_que_vuelve_a_enviar_lo_suyo_no_lo_repite(mesa: Mesa) -> None:
    mesa.pagar(5)
    with mesa.relevando():
        contados = mesa.exigir_todo_una_vez_y_en_orden()
    with como_el_relevo(mesa) as emisor:
        enviar(emisor, [uno.mensaje for uno in contados])
        assert emisor.repetidos == len(contados)
    mesa.exigir_todo_una_vez_y_en_orden()


def test_un_topic_que_sabe_mas_que_el_registro_detiene_el_relevo(mesa: Mesa) -> None:
    contados = adelantar(mesa)
    mesa.pagar(30)
    relevo = Relevo(mesa.sistema.pagos, mesa.config, mesa.sistema.motor)
    assert relevo.paso(threading.Event()) > 0
    assert len(mesa.contados()) == len(contados) + 1


def test_de_un_relevo_detenido_se_dice_por_que_hasta_que_sigue(mesa: Mesa, alpes: Alpes) -> None:
    adelantar(mesa)
    Relevo(mesa.sistema.pagos, mesa.config, mesa.sistema.motor).paso(threading.Event())
    # Behind by nothing that it knows of, and yet not moving: the log has less than the world.
    visto = _relevo(alpes)
    assert (visto["retraso_eventos"], visto["estado"]) == (0, "sin avanzar")
    assert "«alpes mensajes alinear»" in visto["aviso"]
    with mesa.sistema.motor.begin() as conexion:
        conexion.execute(text("UPDATE seguimiento SET vence_en = vence_en - interval '1 minute'"))
    # Its last words stay, when nobody tries any more.
    assert _relevo(alpes) == visto | {"estado": "sin relevo"}
    reparar(mesa.sistema.pagos, mesa.sistema, mesa.config, mesa.cliente)
    mesa.pagar(1)
    with mesa.relevando():
        eventualmente(lambda: _relevo(alpes), lambda uno: (uno["estado"], uno["aviso"]) == ("al día", None))


def _relevo(alpes: Alpes) -> dict[str, Any]:
    (visto,) = alpes.json("estado")["relevos"]
    return dict(visto)


@pytest.mark.parametrize("numero", [3, 1_000_000])
def test_quien_envia_con_el_nombre_del_relevo_no_hace_perder_nada(mesa: Mesa, numero: int) -> None:
    mesa.pagar(5)
    with mesa.relevando():
        contados = mesa.exigir_todo_una_vez_y_en_orden()
    topic = mesa.config.topics.eventos["pagos"]
    ajeno = mesa.cliente.create_producer(topic, producer_name=nombre_de("pagos"))
    ajeno.send(b'{"type": "PagoConfirmado", "posicion": 1}', sequence_id=contados[-1].mensaje.posicion + numero)
    ajeno.close()
    mesa.pagar(5)
    relevo = Relevo(mesa.sistema.pagos, mesa.config, mesa.sistema.motor)
    # The broker would drop what comes next: nothing is told until somebody has looked.
    assert relevo.paso(threading.Event()) > 0
    assert mesa.contados() == contados
    reparar(mesa.sistema.pagos, mesa.sistema, mesa.config, mesa.cliente)
    mesa.pagar(5)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()


def test_lo_que_no_se_puede_leer_detiene_el_relevo_y_no_se_salta(mesa: Mesa) -> None:
    mesa.pagar(2)
    antes = mesa.por_contar()
    recorder: Recorder = mesa.sistema.pagos.recorder  # type: ignore[assignment]
    recorder.insert_events([StoredEvent("payout-roto", 1, "PagoConfirmado.v1", b'{"roto": true}')])
    mesa.pagar(2)
    with pytest.raises(MapperDeserialisationError, match="payout-roto"):
        Relevo(mesa.sistema.pagos, mesa.config, mesa.sistema.motor).paso(threading.Event())
    assert [uno.mensaje for uno in mesa.contados()] == antes
    (visto,) = relevos(mesa.sistema)
    assert visto["estado"] == "sin avanzar"
    assert "EventoIlegible" in visto["aviso"]
