"""What ``alpes auditoria`` does where an event can't be read or was taken away: it says so, and tells the rest."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.cliente.comandos import RegistrarCliente
from gateway.composicion import Sistema
from tests.gateway.cli.orden import Alpes
from tests.gateway.cli.test_reproducir import poner_al_dia
from tests.gateway.eventos.apoyo import insertar
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.projections.ejemplos import NACIDA


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        sistema.pagos.ejecutar(pago_hecho("C1", payout_id="payout-1"))
        yield sistema


@pytest.fixture
def alpes(sistema: Sistema, db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


@pytest.fixture
def sql(db_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        yield conexion


def reproducido(alpes: Alpes, *argumentos: str) -> Any:
    resultado = alpes("auditoria", "reproducir", "--json", *argumentos)
    assert resultado.returncode == 1, resultado.stderr
    return json.loads(resultado.stdout)


@pytest.mark.parametrize("tramo", [("--hasta", "9999-01-01"), ("--desde", "9999-01-01")])
def test_un_tramo_entre_instantes_lo_reproduce_y_lo_lista(
    alpes: Alpes, sql: psycopg.Connection, tramo: tuple[str, str]
) -> None:
    insertar(sql, "payout-roto")
    aparcados = reproducido(alpes, "--modulo", "pagos", *tramo)["aparcados"]
    assert {uno["stream"] for uno in aparcados} == {"payout-roto"}


def test_los_modulos_se_llaman_como_fuera(alpes: Alpes, sistema: Sistema, sql: psycopg.Connection) -> None:
    poner_al_dia(sistema)
    sistema.clientes.ejecutar(RegistrarCliente("ana", "Ana Núñez", "ana@example.com", "10001", NACIDA))
    sql.execute("INSERT INTO clientes_events VALUES ('roto', 1, 'ClienteRegistrado.v1', '{}')")
    dicho = reproducido(alpes)
    for cuales in ("aparcados", "atrasos"):
        assert {uno["modulo"] for uno in dicho[cuales]} == {"cliente"}
        assert not [uno for uno in dicho[cuales] if "aplicacion" in uno]


@pytest.mark.parametrize("orden", [("ver", "payout-manco"), ("explicar", "payouts", "payout-manco", "estado")])
def test_una_historia_sin_su_comienzo_se_dice(alpes: Alpes, sql: psycopg.Connection, orden: tuple[str, ...]) -> None:
    sql.execute(
        "INSERT INTO pagos_events SELECT 'payout-manco', originator_version, topic, state FROM pagos_events"
        " WHERE originator_id = 'payout-1' AND originator_version > 1"
    )
    dicho = alpes("auditoria", *orden)
    assert (dicho.returncode, dicho.stdout) == (1, "")
    assert dicho.stderr == "alpes: En la historia de «payout-manco» falta el evento de la versión 1\n"


@pytest.mark.parametrize("cuales", [(), ("--stream", "payout-1")])
def test_una_exportacion_dice_como_seguir(
    alpes: Alpes, sistema: Sistema, sql: psycopg.Connection, cuales: tuple[str, ...]
) -> None:
    roto = insertar(sql, "payout-1", 5)
    sistema.pagos.ejecutar(pago_hecho("C1", payout_id="payout-2"))
    cortada = alpes("auditoria", "exportar", *cuales)
    assert cortada.returncode == 1
    assert cortada.stderr == (
        "alpes: La exportación quedó incompleta: No se puede leer Algo.v1, versión 5 de payout-1: TopicError. Con"
        f" --modulo pagos, lo de antes sale con --hasta {roto - 1}, y lo que le sigue con --desde {roto + 1}\n"
    )
    antes = alpes("auditoria", "exportar", *cuales, "--modulo", "pagos", "--hasta", str(roto - 1))
    assert (antes.returncode, antes.stdout, antes.stdout.count("\n")) == (0, cortada.stdout, 4)
    despues = alpes("auditoria", "exportar", *cuales, "--modulo", "pagos", "--desde", str(roto + 1))
    assert (despues.returncode, despues.stdout.count('"payout-2"')) == (0, 0 if cuales else 4)
