"""The launcher on machines that have what it needs, and on those that don't."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.config import RAIZ
from tests.eventualmente import eventualmente

HERRAMIENTAS = ("dirname", "readlink", "cmp", "sh")


@pytest.fixture
def clon(tmp_path: Path) -> Path:
    """A clone without packages, so that its environment is made without a network."""
    clon = tmp_path / "un clon"
    (clon / "gateway" / "local").mkdir(parents=True)
    shutil.copy(RAIZ / "alpes", clon / "alpes")
    shutil.copy(RAIZ / "gateway/local/entorno.py", clon / "gateway/local/entorno.py")
    (clon / "requirements.lock").write_text("# nada\n")
    (clon / "gateway/__init__.py").touch()
    (clon / "gateway/cli.py").write_text("import sys; print('en marcha', sys.argv[1:]); sys.exit(2)\n")
    return clon


@pytest.fixture
def ruta(tmp_path: Path) -> Path:
    """A PATH with the tools that the launcher uses, and no Python."""
    ruta = tmp_path / "bin"
    ruta.mkdir()
    for nombre in HERRAMIENTAS:
        hallada = shutil.which(nombre)
        assert hallada is not None
        (ruta / nombre).symlink_to(hallada)
    return ruta


def _python_de_mentira(ruta: Path, nombre: str, guion: str) -> None:
    (ruta / nombre).write_text(f"#!/bin/sh\n{guion}\n")
    (ruta / nombre).chmod(0o755)


def _alpes(clon: Path, ruta: str, *argumentos: str, desde: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(clon / "alpes"), *argumentos],
        cwd=desde or clon,
        env={"PATH": ruta},
        capture_output=True,
        text=True,
        check=False,
    )


def test_sin_python_dice_que_hace_falta(clon: Path, ruta: Path) -> None:
    _python_de_mentira(ruta, "python3", "exit 1")
    resultado = _alpes(clon, str(ruta), "demo")
    assert resultado.returncode == 1
    assert "hace falta Python 3.11 o más nuevo" in resultado.stderr


def test_con_un_python_sin_ensurepip_dice_que_le_falta(clon: Path, ruta: Path) -> None:
    _python_de_mentira(ruta, "python3", 'case "$*" in *ensurepip*) exit 1 ;; esac')
    resultado = _alpes(clon, str(ruta), "demo")
    assert resultado.returncode == 1
    assert "python3-venv" in resultado.stderr


def test_busca_otro_python_si_el_primero_no_sirve(clon: Path, ruta: Path) -> None:
    _python_de_mentira(ruta, "python3", "exit 1")
    (ruta / "python3.12").symlink_to(sys.executable)
    assert _alpes(clon, str(ruta), "demo").returncode == 2


def test_desde_otra_carpeta_y_por_un_enlace_pasa_los_argumentos_y_el_resultado(clon: Path, tmp_path: Path) -> None:
    enlace = tmp_path / "otro lugar" / "alpes"
    enlace.parent.mkdir()
    enlace.symlink_to(Path("..") / "un clon" / "alpes")
    (enlace.parent / "gateway.py").write_text("raise SystemExit('este no es')\n")
    resultado = _alpes(enlace.parent, os.defpath, "datos", "con espacios", desde=enlace.parent)
    assert (resultado.returncode, resultado.stdout) == (2, "en marcha ['datos', 'con espacios']\n")
    assert (clon / ".venv" / "requirements.lock").read_text() == "# nada\n"


def test_solo_prepara_el_entorno_la_primera_vez_y_cuando_cambia_la_lista(clon: Path) -> None:
    assert "Preparando" in _alpes(clon, os.defpath).stderr
    assert _alpes(clon, os.defpath).stderr == ""
    (clon / "requirements.lock").write_text("# otra cosa\n")
    assert "Preparando" in _alpes(clon, os.defpath).stderr
    assert _alpes(clon, os.defpath).stderr == ""


@pytest.mark.parametrize("lugar", ["bin", "lib/python*/site-packages/pip/_internal"])
def test_dos_primeras_veces_a_la_vez_y_una_interrumpida_no_lo_estropean(clon: Path, lugar: str) -> None:
    """The second time another program is at work for it, and goes on."""
    interrumpida = _primera_vez(clon)
    eventualmente(lambda: list((clon / ".venv").glob(lugar)), bool)
    interrumpida.kill()
    interrumpida.communicate()
    varias = [_primera_vez(clon) for _ in range(2)]
    for una in varias:
        dicho = una.communicate()[1]
        assert una.returncode == 0, dicho
    assert (clon / ".venv" / "requirements.lock").exists()


def _primera_vez(clon: Path) -> "subprocess.Popen[str]":
    orden = [sys.executable, "-I", str(clon / "gateway/local/entorno.py"), str(clon)]
    return subprocess.Popen(orden, stderr=subprocess.PIPE, text=True)
