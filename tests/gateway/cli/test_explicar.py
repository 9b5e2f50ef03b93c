"""``alpes auditoria explicar``: why a number is what it is, back to the request that began it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.base.contexto import Actor, Contexto
from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import ActualizarCliente, RegistrarCliente
from domain.pagos.comandos import RevertirPago
from gateway.auditoria.accesos import ultimos
from gateway.composicion import Sistema
from gateway.eventos.reacciones import Reacciones
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.projections.ejemplos import NACIDA
from tests.projections.test_con_las_aplicaciones import al_dia, trabajando

INICIO = datetime(2026, 3, 1, 12, tzinfo=UTC)


def caja(dia: int, peticion: str) -> Contexto:
    return Contexto(INICIO + timedelta(days=dia), Actor("api", "caja"), peticion, peticion)


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    """Beto is paid for a cycle; a campaign of Ana's turns out to be it, is approved, and the payment falls."""
    with sistema_en(db_url) as sistema:
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
        with trabajando(sistema):
            assert al_dia(sistema)
        yield sistema


@pytest.fixture
def alpes(sistema: Sistema, db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


def pasos(dicho: dict[str, Any]) -> list[tuple[Any, Any, str]]:
    assert dicho["coincide"] is True
    return [(uno["antes"], uno["despues"], uno["tipo"]) for uno in dicho["efectos"]]


def test_el_estado_de_un_pago_con_su_orden_y_su_peticion(alpes: Alpes) -> None:
    dicho = alpes.json("auditoria", "explicar", "payouts", "payout-1", "estado")
    assert dicho["valor"] == "REVERTIDO"
    assert pasos(dicho) == [
        (None, "PENDIENTE", "PagoCreado.v1"),
        ("PENDIENTE", "PROCESANDO", "PagoProcesado.v1"),
        ("PROCESANDO", "COMPLETADO", "PagoConfirmado.v1"),
        ("COMPLETADO", "REVERTIDO", "PagoRevertido.v1"),
    ]
    assert [uno["orden"] for uno in dicho["efectos"]] == ["CrearPago"] * 3 + ["RevertirPago"]
    assert [uno["causa"] for uno in dicho["efectos"]] == ["por la petición pago-1"] * 3 + ["por la petición revertir-1"]
    assert {uno["usuario"] for uno in dicho["efectos"]} == {"api:caja"}
    assert not [uno for uno in dicho["efectos"] if "datos" in uno]


def test_lo_que_hizo_una_reaccion_se_sigue_hasta_la_peticion(alpes: Alpes) -> None:
    dicho = alpes.json("auditoria", "explicar", "campanias", "C1", "estado")
    *_, cancelada = dicho["efectos"]
    assert (cancelada["despues"], cancelada["orden"]) == ("CANCELADA", "DesasociarPago")
    assert cancelada["usuario"].startswith("reaccion:")
    (origen,) = cancelada["origen"]
    assert (origen["stream"], origen["tipo"], origen["causa"]) == (
        "payout-1",
        "PagoRevertido.v1",
        "por la petición revertir-1",
    )


def test_los_totales_de_un_cliente_siguen_los_vinculos(alpes: Alpes) -> None:
    beto = alpes.json("auditoria", "explicar", "clientes", "beto", "total_pagos")
    assert pasos(beto) == [
        (0, 1, "PagoConfirmado.v1"),
        (1, 2, "PagoConfirmado.v1"),
        (2, 1, "CampaniaCreada.v1"),
    ]
    ana = alpes.json("auditoria", "explicar", "clientes", "ana", "monto_total")
    assert pasos(ana) == [(0, 1250.5, "CampaniaCreada.v1"), (1250.5, 0, "PagoRevertido.v1")]
    por_moneda = alpes.json("auditoria", "explicar", "clientes_totales", "beto,USD", "monto")
    assert por_moneda["valor"] == 1250.5
    assert [uno["despues"] for uno in por_moneda["efectos"]] == [1250.5, 2501, 1250.5]


@pytest.mark.parametrize("columna", ["total_pagos", "primer_pago", "ultimo_pago", "monto_total", "moneda", "estado"])
def test_cada_columna_de_un_cliente_coincide_con_sus_eventos(alpes: Alpes, columna: str) -> None:
    for quien in ("ana", "beto"):
        assert alpes.json("auditoria", "explicar", "clientes", quien, columna)["coincide"] is True


def test_de_quien_es_un_pago(alpes: Alpes) -> None:
    dicho = alpes.json("auditoria", "explicar", "clientes_vinculos", "payout-1", "cliente_id")
    assert pasos(dicho) == [(None, "beto", "PagoCreado.v1"), ("beto", "ana", "CampaniaCreada.v1")]


def test_una_linea_y_un_evento_vienen_de_un_solo_evento(alpes: Alpes) -> None:
    linea = alpes.json("auditoria", "explicar", "transactions", "payout-1-2", "comision")
    assert pasos(linea) == [(None, 125.05, "PagoComisionCalculada.v1")]
    evento = alpes.json("auditoria", "explicar", "event_store", "cliente:3", "type")
    assert pasos(evento) == [(None, "ClienteRegistrado.v1", "ClienteRegistrado.v1")]


def test_se_lee_como_una_tabla(alpes: Alpes) -> None:
    dicho = alpes("auditoria", "explicar", "clientes", "beto", "total_pagos")
    assert dicho.returncode == 0
    for texto in ("total_pagos = 1", "2 → 1", "CrearCampania", "por la petición crear-C1"):
        assert texto in dicho.stdout


def test_una_casilla_estropeada_a_mano_no_coincide(alpes: Alpes, db_url: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("UPDATE clientes SET total_pagos = 7 WHERE id = 'beto'")
    dicho = alpes("auditoria", "explicar", "clientes", "beto", "total_pagos")
    assert dicho.returncode == 1
    assert "NO coincide: según los eventos debería ser 1" in dicho.stdout


def test_explicar_un_dato_personal_queda_anotado(alpes: Alpes, sistema: Sistema) -> None:
    sistema.clientes.ejecutar(ActualizarCliente("ana", nombre="Ana Díaz"), caja(5, "cambio"))
    with trabajando(sistema):
        assert al_dia(sistema)
    dicho = alpes.json("auditoria", "explicar", "clientes", "ana", "nombre")
    assert [uno["despues"] for uno in dicho["efectos"]] == ["Señor ana", "Ana Díaz"]
    (acceso,) = ultimos(sistema.tienda.datastore, 5)
    assert (acceso.accion, acceso.alcance) == ("explicar", {"tabla": "clientes", "id": "ana", "columna": "nombre"})


@pytest.mark.parametrize(
    ("argumentos", "codigo", "dicho"),
    [
        (("nada", "x", "y"), 2, "No hay una tabla «nada»; hay: campanias,"),
        (("payouts", "payout-1", "nada"), 2, "payouts no tiene «nada»; tiene: id,"),
        (("clientes_totales", "ana", "monto"), 2, "El ID de clientes_totales es cliente_id,moneda"),
        (("payouts", "payout-9", "estado"), 1, "No hay ninguna fila «payout-9» en payouts"),
        (("payouts_por_estado", "COMPLETADO,USD", "monto"), 1, "se cuenta a partir de otras tablas"),
    ],
)
def test_lo_que_no_se_puede_explicar_se_dice(
    alpes: Alpes, argumentos: tuple[str, ...], codigo: int, dicho: str
) -> None:
    resultado = alpes("auditoria", "explicar", *argumentos)
    assert resultado.returncode == codigo
    assert dicho in resultado.stderr
