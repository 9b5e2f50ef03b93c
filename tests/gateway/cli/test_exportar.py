"""``alpes auditoria exportar``: the log as a file, in order, without personal data unless it is asked for and noted."""

import csv
import io
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.base.contexto import Contexto
from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import AnonimizarCliente, RegistrarCliente
from gateway.auditoria.accesos import ultimos
from gateway.composicion import Sistema
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.projections.ejemplos import NACIDA

INICIO = datetime(2026, 3, 1, 12, 0, 0, 250, UTC)
# None of them is to be found in an id by chance.
DATOS = ("Ana Núñez", "ana@example.com", "1000100010")


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    """A client, a campaign and two payments, a day after the other."""
    with sistema_en(db_url) as sistema:
        dias = iter(Contexto(INICIO + timedelta(days=dia)) for dia in range(9))
        sistema.clientes.ejecutar(RegistrarCliente("ana", DATOS[0], DATOS[1], DATOS[2], NACIDA), next(dias))
        sistema.campanias.ejecutar(CrearCampania("C1", "ana", ("Quito",)), next(dias))
        for numero in (1, 2):
            sistema.pagos.ejecutar(pago_hecho("C1", payout_id=f"payout-{numero}"), next(dias))
        yield sistema


@pytest.fixture
def alpes(sistema: Sistema, db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


def exportado(alpes: Alpes, *argumentos: str) -> list[dict[str, Any]]:
    resultado = alpes("auditoria", "exportar", *argumentos)
    assert resultado.returncode == 0, resultado.stderr
    return [json.loads(linea) for linea in resultado.stdout.splitlines()]


def test_todo_sale_en_el_orden_de_cada_registro_sin_lo_interno(alpes: Alpes) -> None:
    lineas = exportado(alpes)
    assert [linea["modulo"] for linea in lineas] == ["cliente"] + ["pagos"] * 8 + ["campanias"]
    posiciones = [linea["posicion"] for linea in lineas if linea["modulo"] == "pagos"]
    assert posiciones == sorted(posiciones)
    assert {linea["stream"] for linea in lineas} == {"ana", "payout-1", "payout-2", "C1"}
    assert list(lineas[1]) == [
        "modulo", "posicion", "stream", "version", "tipo", "timestamp", "usuario", "correlation_id", "causation_id",
        "datos",
    ]  # fmt: skip
    assert lineas[1]["datos"]["monto"] == {"valor": "1250.50", "moneda": "USD"}
    assert lineas[1]["timestamp"] == "2026-03-03T12:00:00.000250Z"


def test_los_datos_personales_solo_salen_si_se_piden_y_queda_anotado(alpes: Alpes, sistema: Sistema) -> None:
    sin_datos = alpes("auditoria", "exportar")
    assert not [dato for dato in (*DATOS, "_sellado", "huella") if dato in sin_datos.stdout]
    assert ultimos(sistema.motor, 10) == []
    (registrado,) = exportado(alpes, "--modulo", "cliente", "--con-datos-personales")
    assert registrado["datos"] == {
        "nombre": DATOS[0],
        "email": DATOS[1],
        "cedula": DATOS[2],
        "fecha_nacimiento": "1990-05-17T00:00:00Z",
    }
    (acceso,) = ultimos(sistema.motor, 10)
    assert (acceso.accion, acceso.alcance) == ("exportar", {"modulos": ["cliente"], "formato": "jsonl"})


def test_de_una_persona_olvidada_no_sale_nada_aunque_se_pida(alpes: Alpes, sistema: Sistema) -> None:
    sistema.clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"))
    registrado, _ = exportado(alpes, "--stream", "ana", "--con-datos-personales")
    assert set(registrado["datos"].values()) == {None}


def test_se_exporta_un_tramo(alpes: Alpes) -> None:
    for argumentos, esperadas in (
        (("--stream", "payout-2"), ["payout-2"] * 4),
        (("--desde", "2026-03-04"), ["payout-2"] * 4),
        (("--hasta", "2026-03-02"), ["ana", "C1"]),
        (("--desde", "2026-03-02", "--hasta", "2026-03-03T12:00:00"), ["payout-1"] * 4 + ["C1"]),
        (("--stream", "payout-1", "--hasta", "2026-03-02"), []),
        (("--modulo", "campanias", "--desde", "1", "--hasta", "1000"), ["C1"]),
        (("--modulo", "campanias", "--desde", "1000"), []),
    ):
        assert [linea["stream"] for linea in exportado(alpes, *argumentos)] == esperadas, argumentos


def test_las_posiciones_del_tramo_se_incluyen(alpes: Alpes) -> None:
    posiciones = [linea["posicion"] for linea in exportado(alpes, "--modulo", "pagos")]
    desde, hasta = posiciones[2], posiciones[5]
    tramo = exportado(alpes, "--modulo", "pagos", "--desde", str(desde), "--hasta", str(hasta))
    assert [linea["posicion"] for linea in tramo] == posiciones[2:6]


def test_en_csv_son_las_mismas_filas(alpes: Alpes) -> None:
    en_csv = alpes("auditoria", "exportar", "--formato", "csv")
    filas = list(csv.DictReader(io.StringIO(en_csv.stdout)))
    lineas = exportado(alpes)
    assert [{**fila, "datos": json.loads(fila["datos"])} for fila in filas] == [
        {clave: valor if clave == "datos" else str(valor) for clave, valor in linea.items()} for linea in lineas
    ]


def test_a_un_archivo_con_su_resumen(alpes: Alpes, tmp_path: Path) -> None:
    archivo = tmp_path / "pagos.jsonl"
    resumen = alpes.json("auditoria", "exportar", "--modulo", "pagos", "--salida", str(archivo))
    assert (resumen["eventos"], resumen["archivo"], resumen["modulos"]) == (8, str(archivo), ["pagos"])
    assert len(archivo.read_text().splitlines()) == 8
    assert [uno.name for uno in tmp_path.iterdir() if uno.is_file()] == ["pagos.jsonl"]


def test_un_enlace_y_un_tubo_siguen_siendo_lo_que_son(alpes: Alpes, tmp_path: Path) -> None:
    archivo, enlace, tubo = tmp_path / "pagos.jsonl", tmp_path / "enlace", tmp_path / "tubo"
    enlace.symlink_to(archivo)
    os.mkfifo(tubo)
    lector = os.open(tubo, os.O_RDONLY | os.O_NONBLOCK)
    for salida in (enlace, tubo):
        alpes.json("auditoria", "exportar", "--modulo", "pagos", "--salida", str(salida))
    assert enlace.is_symlink()
    assert tubo.is_fifo()
    assert os.read(lector, 1_000_000) == archivo.read_bytes() != b""
    os.close(lector)


def test_un_archivo_con_datos_personales_es_solo_de_su_duenio(alpes: Alpes, tmp_path: Path) -> None:
    archivo = tmp_path / "clientes.jsonl"
    # Of one that was killed.
    archivo.with_name("clientes.jsonl.parcial").touch(0o644)
    alpes.json("auditoria", "exportar", "--con-datos-personales", "--salida", str(archivo))
    assert archivo.stat().st_mode & 0o077 == 0


def test_lo_que_no_se_puede_exportar_se_explica(alpes: Alpes) -> None:
    for argumentos, codigo, dicho in (
        (("--desde", "3"), 2, "Una posición es de un módulo: indique --modulo"),
        (("--json",), 2, "--json pide --salida"),
        (("--formato", "xml"), 2, "El valor de formato no es válido: debe ser jsonl o csv"),
        (("--stream", "nada"), 1, "No hay historia de «nada»"),
        (("--salida", "/no/hay/carpeta"), 1, "No se puede escribir"),
    ):
        resultado = alpes("auditoria", "exportar", *argumentos)
        assert resultado.returncode == codigo
        assert dicho in resultado.stderr
        assert resultado.stdout == ""


def test_un_disco_lleno_se_dice(alpes: Alpes) -> None:
    dicho = alpes("auditoria", "exportar", "--salida", "/dev/full")
    assert dicho.returncode == 1
    assert dicho.stderr.splitlines()[-1].startswith("alpes: La exportación quedó incompleta: no se puede escribir /dev")
    assert "Traceback" not in dicho.stderr
