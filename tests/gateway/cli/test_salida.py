"""Where the output goes: a narrow terminal, a pipe, and one that nobody reads any more."""

import os
import subprocess
import sys
from pathlib import Path

from gateway.cli.proyecciones import COLUMNAS
from gateway.config import RAIZ
from gateway.eventos.log import logs_de
from projections.registro import PROYECCIONES
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.projections.alcanzar import alcanzar


def sin_lector(alpes: Alpes, *orden: str) -> "subprocess.CompletedProcess[str]":
    lee, escribe = os.pipe()
    os.close(lee)
    try:
        return subprocess.run(
            [sys.executable, *orden], cwd=RAIZ, env=alpes.entorno, stdout=escribe, stderr=subprocess.PIPE, text=True,
            timeout=120, check=False,
        )  # fmt: skip
    finally:
        os.close(escribe)


def test_en_una_terminal_estrecha_una_tabla_va_en_bloques_y_nada_se_corta(db_url: str, tmp_path: Path) -> None:
    alpes = Alpes(db_url, tmp_path)
    with sistema_en(db_url) as sistema:
        alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
    ancha = alpes("proyecciones", "lista").stdout.splitlines()
    assert ancha[0].split() == list(COLUMNAS)
    alpes.entorno["COLUMNS"] = "60"
    estrecha = alpes("proyecciones", "lista").stdout.split("\n\n")
    assert max(len(linea) for linea in estrecha[0].splitlines()) <= 60
    assert [linea.split()[0] for linea in estrecha[0].splitlines()] == list(COLUMNAS)
    assert estrecha[0].split()[1] == ancha[1].split()[0]


def test_cuando_nadie_lee_termina_callada(db_url: str, tmp_path: Path) -> None:
    with sistema_en(db_url) as sistema:
        sistema.pagos.ejecutar(pago_hecho("C1", payout_id="payout-1"))
    for orden in (("auditoria", "exportar"), ("proyecciones", "lista", "--json")):
        resultado = sin_lector(Alpes(db_url, tmp_path), "-m", "gateway.cli", *orden)
        assert (resultado.returncode, resultado.stderr) == (1, ""), orden


def test_cuando_la_salida_esta_llena_se_dice(db_url: str, tmp_path: Path) -> None:
    for orden in (("auditoria", "--help"), ("proyecciones", "lista"), ("proyecciones", "lista", "--json")):
        with Path("/dev/full").open("w") as lleno:
            resultado = subprocess.run(
                [sys.executable, "-m", "gateway.cli", *orden], cwd=RAIZ, env=Alpes(db_url, tmp_path).entorno,
                stdout=lleno, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
            )  # fmt: skip
        dicho = "alpes: no queda espacio donde se escribe la salida\n"
        assert (resultado.returncode, resultado.stderr) == (1, dicho), orden


def test_lo_que_viene_tras_decirlo_se_hace_aunque_nadie_lea(db_url: str, tmp_path: Path) -> None:
    orden = (
        "import sys, click\nfrom gateway.cli.salida import aunque_nadie_lea\n"
        "with aunque_nadie_lea():\n    click.echo('voy a hacerlo')\n"
        "click.echo('hecho')\nprint('hecho', file=sys.stderr)"
    )
    resultado = sin_lector(Alpes(db_url, tmp_path), "-c", orden)
    assert (resultado.returncode, resultado.stderr) == (0, "hecho\n")
