"""Why a cell is what it is: the events, commands, people and requests behind it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from domain.base.contexto import Actor, Contexto
from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import RegistrarCliente
from domain.pagos.comandos import RevertirPago
from gateway.auditoria.contadas import CUENTAS
from gateway.auditoria.explicacion import Explicacion, explicar, tablas
from gateway.auditoria.historia import contar
from gateway.composicion import Sistema
from gateway.eventos.log import logs_de
from gateway.eventos.reacciones import Reacciones
from projections.registro import PROYECCIONES
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.projections.alcanzar import alcanzar
from tests.projections.ejemplos import NACIDA

INICIO = datetime(2026, 3, 1, 12, tzinfo=UTC)


def caja(dia: int, peticion: str) -> Contexto:
    return Contexto(INICIO + timedelta(days=dia), Actor("api", "caja"), peticion, peticion)


def poner_al_dia(sistema: Sistema) -> None:
    """The query tables know all that is stored."""
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)


def ocurre(sistema: Sistema) -> None:
    """Beto is paid for a cycle; a campaign of Ana's turns out to be it, is approved, and the payment falls."""
    for quien, numero in (("ana", "10001"), ("beto", "10002")):
        orden = RegistrarCliente(quien, f"Señor {quien}", f"{quien}@example.com", numero, NACIDA)
        sistema.clientes.ejecutar(orden, caja(0, f"alta-{quien}"))
    sistema.pagos.ejecutar(pago_hecho("C1", payout_id="payout-1", partner_id="beto"), caja(1, "pago-1"))
    sistema.pagos.ejecutar(pago_hecho("otro", payout_id="payout-2", partner_id="beto"), caja(2, "pago-2"))
    sistema.campanias.ejecutar(CrearCampania("C1", "ana", ("Quito",)), caja(3, "crear-C1"))
    reacciones = Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor)
    reacciones.paso()
    sistema.pagos.ejecutar(RevertirPago("payout-1", "devolución"), caja(4, "revertir-1"))
    reacciones.paso()
    reacciones.cerrar()
    poner_al_dia(sistema)


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        ocurre(sistema)
        yield sistema


def explicado(sistema: Sistema, tabla: str, clave: str, columna: str) -> Explicacion:
    hallado = explicar(sistema, *tablas()[tabla], tuple(clave.split(",")), columna)
    assert hallado.coincide, hallado
    return hallado


def pasos(hallado: Explicacion) -> list[tuple[Any, Any, str]]:
    return [(uno["antes"], uno["despues"], uno["tipo"]) for uno in hallado.efectos]


def test_el_estado_de_un_pago_con_su_orden_y_su_peticion(sistema: Sistema) -> None:
    hallado = explicado(sistema, "payouts", "payout-1", "estado")
    assert hallado.valor == "REVERTIDO"
    assert pasos(hallado) == [
        (None, "PENDIENTE", "PagoCreado.v1"),
        ("PENDIENTE", "PROCESANDO", "PagoProcesado.v1"),
        ("PROCESANDO", "COMPLETADO", "PagoConfirmado.v1"),
        ("COMPLETADO", "REVERTIDO", "PagoRevertido.v1"),
    ]
    efectos = hallado.efectos
    assert [uno["orden"] for uno in efectos] == ["CrearPago"] * 3 + ["RevertirPago"]
    assert [uno["causa"] for uno in efectos] == ["por la petición pago-1"] * 3 + ["por la petición revertir-1"]
    assert {uno["usuario"] for uno in efectos} == {"api:caja"}
    assert not [uno for uno in efectos if "datos" in uno]


def test_lo_que_hizo_una_reaccion_se_sigue_hasta_la_peticion(sistema: Sistema) -> None:
    *_, cancelada = explicado(sistema, "campanias", "C1", "estado").efectos
    assert (cancelada["despues"], cancelada["orden"]) == ("CANCELADA", "DesasociarPago")
    assert cancelada["usuario"].startswith("reaccion:")
    (origen,) = cancelada["origen"]
    assert (origen["stream"], origen["tipo"], origen["causa"]) == (
        "payout-1",
        "PagoRevertido.v1",
        "por la petición revertir-1",
    )


@pytest.mark.parametrize("tabla", CUENTAS)
def test_cada_casilla_de_lo_que_se_cuenta_es_lo_que_dicen_las_filas_que_cuenta(sistema: Sistema, tabla: str) -> None:
    declarada = CUENTAS[tabla].tabla
    clave = ", ".join(f"{una}::text" for una in (declarada.clave, *declarada.resto_de_clave))
    with sistema.motor.connect() as conexion:
        filas = conexion.execute(text(f"SELECT {clave} FROM {tabla}")).all()  # noqa: S608 - names of ours
    assert filas
    for fila in filas:
        for columna in declarada.columnas:
            hallado = explicado(sistema, tabla, ",".join(fila), columna)
            assert hallado.contadas is not None
            assert hallado.contadas.cuantas == len(hallado.contadas.ultimas) > 0
            assert {uno["stream"] for uno in hallado.efectos} == set(hallado.contadas.ultimas)


def test_una_casilla_contada_dice_que_evento_trajo_cada_fila(sistema: Sistema) -> None:
    hallado = explicado(sistema, "payouts_por_estado", "COMPLETADO,USD", "monto")
    assert [(str(a), str(b), tipo) for a, b, tipo in pasos(hallado)] == [("None", "1250.50", "PagoConfirmado.v1")]
    vacia = explicado(sistema, "payouts_por_estado", "FALLIDO,USD", "monto")
    assert (vacia.existe, vacia.valor, vacia.efectos) == (False, None, [])


def test_los_totales_de_un_cliente_siguen_los_vinculos(sistema: Sistema) -> None:
    assert pasos(explicado(sistema, "clientes", "beto", "total_pagos")) == [
        (0, 1, "PagoConfirmado.v1"),
        (1, 2, "PagoConfirmado.v1"),
        (2, 1, "CampaniaCreada.v1"),
    ]
    ana = explicado(sistema, "clientes", "ana", "monto_total")
    assert [tuple(map(str, paso)) for paso in pasos(ana)] == [
        ("0", "1250.50", "CampaniaCreada.v1"),
        ("1250.50", "0", "PagoRevertido.v1"),
    ]
    de_ana = explicado(sistema, "clientes_totales", "ana,USD", "monto")
    assert (de_ana.existe, [uno["despues"] is None for uno in de_ana.efectos]) == (False, [False, True])
    por_moneda = explicado(sistema, "clientes_totales", "beto,USD", "monto")
    assert [str(uno["despues"]) for uno in por_moneda.efectos] == ["1250.50", "2501.00", "1250.50"]


def test_de_quien_es_un_pago(sistema: Sistema) -> None:
    assert pasos(explicado(sistema, "clientes_vinculos", "payout-1", "cliente_id")) == [
        (None, "beto", "PagoCreado.v1"),
        ("beto", "ana", "CampaniaCreada.v1"),
    ]


def test_una_linea_y_un_evento_vienen_de_un_solo_evento(sistema: Sistema) -> None:
    linea = explicado(sistema, "transactions", "payout-1-2", "event_type")
    assert pasos(linea) == [(None, "PagoComisionCalculada.v1", "PagoComisionCalculada.v1")]
    evento = explicado(sistema, "event_store", "cliente:3", "type")
    assert pasos(evento) == [(None, "ClienteRegistrado.v1", "ClienteRegistrado.v1")]


@pytest.mark.parametrize(
    ("tabla", "claves"),
    [
        ("clientes", ["ana", "beto"]),
        ("clientes_vinculos", ["payout-1", "payout-2"]),
        ("clientes_campanias", ["C1"]),
        ("clientes_totales", ["beto,USD"]),
        ("payouts", ["payout-1", "payout-2"]),
        ("transactions", ["payout-1-2", "payout-1-6", "payout-2-2"]),
        ("campanias", ["C1"]),
        ("event_store", ["pagos:1"]),
    ],
)
def test_cada_columna_coincide_con_sus_eventos(sistema: Sistema, tabla: str, claves: list[str]) -> None:
    for clave in claves:
        for columna in tablas()[tabla][1].columnas:
            clave_de = clave if tabla != "event_store" else _un_evento(sistema)
            assert explicado(sistema, tabla, clave_de, columna).existe


def test_una_lista_dice_lo_mismo_en_la_tabla_y_en_el_evento(sistema: Sistema) -> None:
    (creada,) = contar(sistema.tienda, sistema.campanias, "C1", hasta=1)
    hallado = explicado(sistema, "event_store", f"campanias:{creada.posicion}", "payload")
    assert hallado.valor["itinerario"] == ["Quito"]


@pytest.mark.parametrize(
    ("tabla", "clave"),
    [("payouts_por_dia", "20260303,COMPLETADO,USD"), ("payouts_por_tramo", "1250.0,COMPLETADO,USD")],
)
def test_un_dia_y_un_monto_se_escriben_como_se_quiera(sistema: Sistema, tabla: str, clave: str) -> None:
    assert explicado(sistema, tabla, clave, "pagos").valor == 1


def test_sin_leer_todo_se_explica_lo_que_la_tabla_ha_leido(sistema: Sistema) -> None:
    sistema.pagos.ejecutar(pago_hecho("otro", payout_id="payout-3", partner_id="beto"), caja(5, "pago-3"))
    assert explicado(sistema, "clientes", "beto", "total_pagos").valor == 1
    poner_al_dia(sistema)
    assert explicado(sistema, "clientes", "beto", "total_pagos").valor == 2


def _un_evento(sistema: Sistema) -> str:
    return f"pagos:{sistema.pagos.recorder.max_notification_id()}"
