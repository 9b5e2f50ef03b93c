"""``alpes auditoria explicar``: why a number is what it is, as a person and as a program reads it."""

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from domain.cliente.comandos import ActualizarCliente, AnonimizarCliente
from gateway.auditoria.accesos import ultimos
from gateway.auditoria.celdas import OLVIDADO
from gateway.composicion import Sistema
from tests.gateway.auditoria.test_explicacion import caja, ocurre, poner_al_dia
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import pago_hecho, sistema_en


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        ocurre(sistema)
        yield sistema


@pytest.fixture
def alpes(sistema: Sistema, db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


def test_se_lee_como_una_tabla(alpes: Alpes) -> None:
    dicho = alpes("auditoria", "explicar", "clientes", "beto", "total_pagos")
    assert dicho.returncode == 0
    for texto in ("total_pagos = 1", "2 → 1", "CrearCampania", "por la petición crear-C1"):
        assert texto in dicho.stdout


def test_se_lee_con_un_programa(alpes: Alpes) -> None:
    dicho = alpes.json("auditoria", "explicar", "clientes_totales", "beto,USD", "monto")
    assert (dicho["valor"], dicho["segun_los_eventos"], dicho["coincide"]) == (1250.5, 1250.5, True)
    assert [uno["despues"] for uno in dicho["efectos"]] == [1250.5, 2501, 1250.5]


def test_un_partner_puede_llevar_comas(alpes: Alpes, sistema: Sistema) -> None:
    sistema.pagos.ejecutar(pago_hecho("C2", payout_id="payout-3", partner_id="F,G"), caja(5, "pago-3"))
    poner_al_dia(sistema)
    assert alpes.json("auditoria", "explicar", "payouts_por_partner", "F,G,COMPLETADO,USD", "pagos")["valor"] == 1


def test_una_casilla_estropeada_a_mano_no_coincide(alpes: Alpes, db_url: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("UPDATE clientes SET total_pagos = 7 WHERE id = 'beto'")
    dicho = alpes("auditoria", "explicar", "clientes", "beto", "total_pagos")
    assert dicho.returncode == 1
    assert "NO coincide: según los eventos debería ser 1" in dicho.stdout


def test_un_monto_que_no_es_un_numero_tambien_se_lee_con_un_programa(alpes: Alpes, db_url: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("UPDATE clientes_totales SET monto = 'NaN' WHERE cliente_id = 'beto'")
    dicho = alpes("auditoria", "explicar", "clientes_totales", "beto,USD", "monto", "--json")
    assert (dicho.returncode, json.loads(dicho.stdout)["valor"]) == (1, "NaN")
    dicho = alpes("proyecciones", "verificar", "clientes", "--json")
    (suma,) = (
        suma for una in json.loads(dicho.stdout)["proyecciones"][0]["tablas"] for suma in una["sumas_que_difieren"]
    )
    assert (suma["columna"], suma["moneda"], suma["antes"]) == ("monto", "USD", "NaN")


def test_un_instante_que_no_lo_es_no_coincide(alpes: Alpes, db_url: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("UPDATE clientes SET ultimo_pago = 'infinity' WHERE id = 'beto'")
    dicho = alpes("auditoria", "explicar", "clientes", "beto", "ultimo_pago", "--json")
    assert (dicho.returncode, json.loads(dicho.stdout)["valor"]) == (1, "infinity")


def test_explicar_un_dato_personal_queda_anotado(alpes: Alpes, sistema: Sistema) -> None:
    sistema.clientes.ejecutar(ActualizarCliente("ana", nombre="Ana Díaz"), caja(5, "cambio"))
    poner_al_dia(sistema)
    dicho = alpes.json("auditoria", "explicar", "clientes", "ana", "nombre")
    assert [uno["despues"] for uno in dicho["efectos"]] == ["Señor ana", "Ana Díaz"]
    (acceso,) = ultimos(sistema.motor, 5)
    assert (acceso.accion, acceso.alcance) == ("explicar", {"tabla": "clientes", "id": "ana", "columna": "nombre"})


def test_de_una_persona_olvidada_se_dice_que_eventos_la_nombraron(alpes: Alpes, sistema: Sistema) -> None:
    sistema.clientes.ejecutar(ActualizarCliente("ana", nombre="Ana Díaz"), caja(5, "cambio"))
    sistema.clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"), caja(6, "olvido"))
    poner_al_dia(sistema)
    dicho = alpes.json("auditoria", "explicar", "clientes", "ana", "nombre")
    assert (dicho["valor"], dicho["coincide"]) == (None, True)
    assert [(uno["tipo"], uno["despues"]) for uno in dicho["efectos"]] == [
        ("ClienteRegistrado.v1", OLVIDADO),
        ("ClienteActualizado.v1", OLVIDADO),
        ("ClienteAnonimizado.v1", None),
    ]


def test_lo_que_no_se_puede_explicar_se_dice(alpes: Alpes) -> None:
    for argumentos, codigo, dicho in (
        (("nada", "x", "y"), 2, "No hay una tabla «nada»; hay: campanias,"),
        (("payouts", "payout-1", "nada"), 2, "payouts no tiene «nada»; tiene: id,"),
        (("clientes_totales", "ana", "monto"), 2, "El ID de clientes_totales es cliente_id,moneda"),
        (("payouts", "payout-9", "estado"), 1, "No hay ninguna fila «payout-9» en payouts"),
        (("payouts_por_dia", "ayer,COMPLETADO,USD", "monto"), 2, "El ID de payouts_por_dia es dia,estado,moneda"),
    ):
        resultado = alpes("auditoria", "explicar", *argumentos)
        assert resultado.returncode == codigo
        assert dicho in resultado.stderr


def test_verificar_propone_explicar_lo_que_difiere_y_eso_se_explica(alpes: Alpes, db_url: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("UPDATE payouts_por_partner SET monto = 7 WHERE estado = 'COMPLETADO'")
    dicho = alpes("proyecciones", "verificar", "payouts")
    assert "explicar payouts_por_partner beto,COMPLETADO,USD monto»" in dicho.stdout
    dicho = alpes("auditoria", "explicar", "payouts_por_partner", "beto,COMPLETADO,USD", "monto")
    assert dicho.returncode == 1
    for texto in ("Filas de payouts que cuenta: 1", "payout-2", "por la petición pago-2"):
        assert texto in dicho.stdout
    assert "NO coincide: según las filas de payouts debería ser 1250.50" in dicho.stdout


@pytest.mark.parametrize("monto", ["0", "NaN", "-5"])
def test_un_monto_estropeado_a_mano_no_impide_volver_a_contar(alpes: Alpes, db_url: str, monto: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("UPDATE payouts SET monto = %s WHERE id = 'payout-2'", (monto,))
    dicho = alpes("auditoria", "explicar", "payouts_por_tramo", "1250,COMPLETADO,USD", "pagos")
    assert (dicho.returncode, "Filas de payouts que cuenta: 0" in dicho.stdout) == (1, True)


def test_lo_que_cambiaria_no_muestra_datos_de_nadie(alpes: Alpes, db_url: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute("UPDATE clientes SET nombre = 'Otra Persona' WHERE id = 'beto'")
    dicho = alpes("proyecciones", "reconstruir", "clientes", "--json")
    assert "(dato personal)" in dicho.stdout
    assert "Otra Persona" not in dicho.stdout + dicho.stderr
