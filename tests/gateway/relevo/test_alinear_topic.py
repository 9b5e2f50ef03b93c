"""Where the broker, and not the database, is the one that has lost something; and where nobody has."""

from typing import cast

import msgspec

from domain.politicas import POLITICAS
from gateway.eventos.avance import Avance
from gateway.eventos.recorder import Recorder
from gateway.pulsar.emisor import Emisor
from tests.eventualmente import eventualmente
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.relevo.restauracion import alinear, exigir_contado_una_vez, vaciar, ver
from tests.gateway.relevo.test_relevo import pedir


def test_sin_nada_que_alinear_se_dice_y_no_se_cambia_nada(mesa: Mesa) -> None:
    assert ver(mesa).alineado
    mesa.vida()
    assert ver(mesa).alineado
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
        assert ver(mesa).alineado
        mesa.pagar(3)
        mesa.exigir_todo_una_vez_y_en_orden()
    visto = ver(mesa)
    assert visto.alineado
    assert (visto.perdidos, visto.faltan, visto.final) == ([], [], visto.memoria)
    assert alinear(mesa).alineado
    mesa.pagar(3)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()


def test_un_topic_perdido_se_vuelve_a_llenar(mesa: Mesa) -> None:
    mesa.pagar(5)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    pedir(mesa, "DELETE", "", params={"force": "true"})
    visto = ver(mesa)
    assert (len(visto.por_recontar), visto.alineado, visto.vistos.cuantos) == (20, False, 0)
    alinear(mesa)
    assert mesa.guardada() == 0
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    assert ver(mesa).alineado


def test_lo_que_otro_cuenta_con_el_nombre_del_relevo_se_dice_aunque_no_sea_ningun_evento(mesa: Mesa) -> None:
    mesa.pagar(1)
    emisor = Emisor(mesa.cliente, mesa.config.topics.eventos["pagos"], "pagos")
    debidos = mesa.por_contar()
    for uno in (*debidos, msgspec.structs.replace(debidos[-1], event_id="ajeno", posicion=debidos[-1].posicion + 1)):
        emisor.enviar(uno)
    while emisor.pendientes:
        emisor.recoger()
    emisor.cerrar()
    assert [(uno.evento, uno.otro_igual) for uno in ver(mesa).perdidos] == [("ajeno", False)]


def test_lo_que_falta_en_medio_se_cuenta_tarde_aunque_el_broker_recuerde_mas(mesa: Mesa) -> None:
    mesa.pagar(5)
    emisor = Emisor(mesa.cliente, mesa.config.topics.eventos["pagos"], "pagos")
    debidos = mesa.por_contar()
    for uno in (*debidos[:6], *debidos[11:]):
        emisor.enviar(uno)
    while emisor.pendientes:
        emisor.recoger()
    emisor.cerrar()
    visto = ver(mesa)
    assert visto.tardios == [uno.posicion for uno in debidos[6:11]]
    alinear(mesa)
    assert ver(mesa).alineado
    mesa.pagar(2)
    with mesa.relevando():
        exigir_contado_una_vez(mesa, en_orden=False)
    assert len(mesa.contados()) == 28


def test_lo_que_dejo_ir_la_retencion_no_falta_salvo_que_se_diga(mesa: Mesa) -> None:
    mesa.pagar(5)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    vaciar(mesa)
    visto = ver(mesa)
    assert (visto.alineado, visto.vistos.cuantos, visto.faltan) == (True, 0, [])
    assert len(ver(mesa, desde=1).tardios) == 20
    mesa.pagar(1)
    with mesa.relevando():
        eventualmente(lambda: len(mesa.contados()), (4).__eq__)
    assert ver(mesa).alineado
    alinear(mesa, desde=1)
    mesa.pagar(1)
    with mesa.relevando():
        exigir_contado_una_vez(mesa)
    assert len(mesa.contados()) == 28


def test_un_seguidor_mas_alla_del_registro_aparta_a_los_eventos_nuevos(mesa: Mesa) -> None:
    mesa.pagar(2)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    seguidor = f"{POLITICAS[0].NOMBRE}:{POLITICAS[0].ORIGEN}"
    recorder = cast(Recorder, mesa.sistema.campanias.recorder)
    recorder.insert_events([], tracking=Avance(seguidor, 1000, 0))
    visto = ver(mesa)
    assert (visto.alineado, visto.adelantados) == (False, [seguidor])
    alinear(mesa)
    assert ver(mesa).alineado
    mesa.pagar(1)
    assert mesa.por_contar()[-1].posicion > 1000
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
