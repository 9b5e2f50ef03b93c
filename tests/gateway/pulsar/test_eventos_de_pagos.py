"""The broker's feed of the reactions and the log's own: whichever tells a fact, it acts once, and none is lost."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from domain.campanias.comandos import CrearCampania
from domain.pagos.comandos import RevertirPago
from gateway.composicion import Sistema
from gateway.eventos.reacciones import Reacciones
from gateway.pulsar.aparcados import listar
from gateway.pulsar.contratos import Mensaje
from gateway.pulsar.eventos_de_pagos import EventosDePagos
from gateway.pulsar.recibidos import Recibido
from gateway.pulsar.traduccion import traducir
from tests.gateway.eventos.apoyo import eventos_de, filas_de
from tests.gateway.pulsar.mensajes import del_relevo, en_json, esquemas
from tests.gateway.reacciones.test_reacciones import asociados, en_espera, estado, ponerse_al_dia, posicion_de
from tests.gateway.sistema import pago_hecho


@pytest.fixture
def eventos(sistema: Sistema) -> EventosDePagos:
    return EventosDePagos(sistema, esquemas)


@pytest.fixture
def por_el_log(sistema: Sistema) -> Reacciones:
    return Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor)


def contados(sistema: Sistema) -> list[Mensaje]:
    """What the relay tells of the log of payments."""
    return list(_contados(sistema))


def _contados(sistema: Sistema) -> Iterator[Mensaje]:
    anterior = 0
    for fila, evento in zip(filas_de(sistema.pagos), eventos_de(sistema.pagos), strict=True):
        mensaje = traducir("pagos", fila.posicion, anterior, evento)
        if mensaje is not None:
            anterior = fila.posicion
            yield mensaje


def pagar(sistema: Sistema, cuantos: int, ciclo: str = "CICLO") -> list[str]:
    return [sistema.pagos.ejecutar(pago_hecho(ciclo)).id for _ in range(cuantos)]


def test_lo_que_cuenta_el_relevo_actua_una_vez_aunque_se_repita(sistema: Sistema, eventos: EventosDePagos) -> None:
    pagos = pagar(sistema, 5)
    mensajes = [del_relevo(uno) for uno in contados(sistema)]
    for tramo in (mensajes[:7], mensajes[3:], mensajes):
        eventos.atender(tramo)
    EventosDePagos(sistema, esquemas).atender(mensajes)
    assert en_espera(sistema, "CICLO") == pagos


def test_pasar_de_una_fuente_a_la_otra_no_pierde_ni_repite(
    sistema: Sistema, eventos: EventosDePagos, por_el_log: Reacciones
) -> None:
    pagos = pagar(sistema, 3)
    ponerse_al_dia(sistema, por_el_log)
    pagos += pagar(sistema, 3)
    eventos.atender([del_relevo(uno) for uno in contados(sistema)])
    eventos.cerrar()
    pagos += pagar(sistema, 3)
    ponerse_al_dia(sistema, Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor))
    eventos.atender([del_relevo(uno) for uno in contados(sistema)])
    assert en_espera(sistema, "CICLO") == pagos


@settings(
    max_examples=8,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(cortes=st.lists(st.integers(0, 30), max_size=4), falta=st.integers(0, 25))
def test_un_hueco_en_el_topic_se_completa_del_registro(sistema: Sistema, cortes: list[int], falta: int) -> None:
    eventos = EventosDePagos(sistema, esquemas)
    antes = en_espera(sistema, "CICLO")
    pagos = pagar(sistema, 6)
    mensajes = [del_relevo(uno) for uno in contados(sistema)][-30:]
    del mensajes[min(falta, len(mensajes) - 1) : -1]
    for desde, hasta in zip([0, *sorted(cortes)], [*sorted(cortes), len(mensajes)], strict=True):
        eventos.atender(mensajes[desde:hasta])
    assert en_espera(sistema, "CICLO") == antes + pagos


def test_la_posicion_de_otro_productor_no_se_cree(sistema: Sistema, eventos: EventosDePagos) -> None:
    pagos = pagar(sistema, 3)
    mensajes = contados(sistema)
    eventos.atender([del_relevo(mensajes[-1], "otro equipo")])
    assert en_espera(sistema, "CICLO") == [pagos[-1]]
    eventos.atender([del_relevo(uno) for uno in mensajes])
    assert sorted(set(en_espera(sistema, "CICLO"))) == sorted(pagos)


def test_una_posicion_que_el_registro_no_tiene_no_adelanta_a_nadie(sistema: Sistema, eventos: EventosDePagos) -> None:
    (viejo,) = pagar(sistema, 1)
    perdido = next(uno for uno in contados(sistema) if uno.tipo == "PagoConfirmado.v1")
    futuro = {"posicion": 10_000, "posicion_anterior": 9_999, "aggregate_id": "payout-perdido", "event_id": "p:1"}
    eventos.atender([del_relevo(msgspec.structs.replace(perdido, **futuro))])
    eventos.atender([del_relevo(uno) for uno in contados(sistema)])
    assert en_espera(sistema, "CICLO") == ["payout-perdido", viejo]


def test_quien_usa_el_nombre_del_relevo_no_adelanta_ni_detiene_a_nadie(
    sistema: Sistema, eventos: EventosDePagos
) -> None:
    pagos = pagar(sistema, 3)
    ultimo = contados(sistema)[-1]
    falsos: list[dict[str, Any]] = [
        {"event_id": "falso", "aggregate_id": "payout-falso", "posicion_anterior": 0},
        {"event_id": "falso", "aggregate_id": "payout-falso", "posicion_anterior": 10_000},
        {"posicion_anterior": ultimo.posicion},
    ]
    eventos.atender([del_relevo(msgspec.structs.replace(ultimo, **falso)) for falso in falsos])
    eventos.atender([del_relevo(uno) for uno in contados(sistema)])
    assert sorted(set(en_espera(sistema, "CICLO"))) == sorted([*pagos, "payout-falso"])


def test_json_ajeno_en_medio_actua_una_vez_y_no_detiene_lo_nuestro(sistema: Sistema, eventos: EventosDePagos) -> None:
    sistema.campanias.ejecutar(CrearCampania("CAMP001", "CLIENTE", ()))
    pagos = pagar(sistema, 4)
    ajenos = [
        en_json({"type": "PagoConfirmado", "data": {"idCampania": "CAMP001"}}, "CAMP001"),
        Recibido(b"basura"),
        en_json({"schemaVersion": "v1", "aggregateId": "CAMP001", "eventId": "a-1", "type": "PagoConfirmado.v1",
                 "data": {}}),
        en_json({"type": "PagoCreado", "data": {}, "event_id": "a-2"}),
    ]  # fmt: skip
    mezclados = [uno for mensaje in contados(sistema) for uno in (*ajenos, del_relevo(mensaje))]
    for tramo in (mezclados[:9], mezclados[5:], mezclados):
        eventos.atender(tramo)
    assert asociados(sistema, "CAMP001") == ["externo:CAMP001"]
    assert en_espera(sistema, "CICLO") == pagos
    assert [uno.error for uno in listar(sistema.motor)] == ["El cuerpo no es JSON válido"]


def test_un_reverso_compensa_la_campania_llegue_cuando_llegue(sistema: Sistema, eventos: EventosDePagos) -> None:
    for campania in ("A", "B"):
        sistema.campanias.ejecutar(CrearCampania(campania, "CLIENTE", ()))
    for pago in pagar(sistema, 1, "A"):
        sistema.pagos.ejecutar(RevertirPago(pago, "Error"))
    eventos.atender([del_relevo(uno) for uno in contados(sistema)])
    eventos.atender(
        [en_json({"type": tipo, "data": {"idCampania": "B"}}) for tipo in ("PagoRevertido", "PagoConfirmado")]
    )
    assert [estado(sistema, "A"), estado(sistema, "B")] == ["CANCELADA", "CANCELADA"]


def test_lo_que_nadie_cuenta_no_deja_atras_a_las_reacciones(sistema: Sistema, eventos: EventosDePagos) -> None:
    pagar(sistema, 1)
    mensajes = contados(sistema)
    eventos.atender([del_relevo(uno) for uno in mensajes])
    with sistema.motor.begin() as conexion:
        conexion.execute(
            text("INSERT INTO pagos_events SELECT 'confirmacion:z', 1, topic, state FROM pagos_events"
                 " WHERE topic = 'ReservaTomada.v1' LIMIT 1")
        )  # fmt: skip
    eventos.descansar()
    eventos.cerrar()
    assert posicion_de(sistema, "aprobar-campania:pagos") > mensajes[-1].posicion
