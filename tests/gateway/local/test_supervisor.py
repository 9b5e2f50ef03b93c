"""Children are kept alive, stopped in order, and never left behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from gateway.config import RAIZ
from gateway.local.errores import FallaLocal
from gateway.local.hijo import lanzar
from gateway.local.procesos import procesos
from gateway.local.supervisor import MUDO, Hijo, Supervisor
from tests.eventualmente import eventualmente

Linea = tuple[str, str]


@pytest.fixture
def lineas() -> list[Linea]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, lineas: list[Linea]) -> Supervisor:
    return Supervisor(lambda nombre, linea: lineas.append((nombre, linea)), tmp_path / "procesos.json", plazo=0.5)


def _hijo(nombre: str, guion: str) -> Hijo:
    return Hijo(nombre, lambda tubo: lanzar(["/bin/sh", "-c", guion], entorno={"PATH": os.defpath}, salida=tubo))


def _cuando(supervisor: Supervisor, listo: Callable[[], bool]) -> None:
    """Let the supervisor work until ``listo``; a supervisor that never gets there fails."""
    vueltas = iter(range(1200))
    supervisor.vigilar(hasta=lambda: listo() or next(vueltas, None) is None)
    assert listo()


def test_lo_que_dice_cada_hijo_sale_con_su_nombre(supervisor: Supervisor, lineas: list[Linea]) -> None:
    supervisor.agregar(_hijo("uno", "echo hola; echo mal >&2; exec sleep 60"))
    _cuando(supervisor, lambda: len(lineas) == 2)
    supervisor.parar()
    assert lineas[:2] == [("uno", "hola"), ("uno", "mal")]


@pytest.mark.parametrize(
    ("respuestas", "se_reinicia"),
    [
        ([True, *[False] * MUDO], True),
        # Frozen for a while, twice.
        ([True, *[False] * (MUDO - 1)] * 2, False),
        # Slow to start.
        ([False] * 3 * MUDO, False),
    ],
)
def test_un_hijo_que_respondia_y_vive_sin_responder_se_reinicia(
    supervisor: Supervisor, respuestas: list[bool], se_reinicia: bool
) -> None:
    quedan = iter(respuestas)
    dichas: list[bool] = []

    def sano() -> bool:
        dichas.append(next(quedan, True))
        return dichas[-1]

    hijo = _hijo("uno", "exec sleep 60")
    hijo.sano, hijo.pulso = sano, 0.01
    supervisor.agregar(hijo)
    primero = hijo.proceso
    _cuando(supervisor, lambda: len(dichas) > len(respuestas))
    _cuando(supervisor, lambda: (hijo.proceso is primero) is not se_reinicia)
    supervisor.parar()


def test_un_hijo_matado_vuelve(supervisor: Supervisor, tmp_path: Path) -> None:
    hijo = _hijo("uno", "exec sleep 60")
    supervisor.agregar(hijo)
    assert hijo.proceso is not None
    primero = hijo.proceso
    primero.kill()
    _cuando(supervisor, lambda: hijo.proceso not in (None, primero))
    assert procesos(tmp_path)[1]["reinicios"] == 1
    supervisor.parar()
    assert procesos(tmp_path) == []


def test_un_disco_lleno_no_impide_que_vuelva(supervisor: Supervisor, lineas: list[Linea], tmp_path: Path) -> None:
    (tmp_path / "procesos.nuevo").symlink_to("/dev/full")
    supervisor.agregar(_hijo("uno", "echo hola"))
    _cuando(supervisor, lambda: lineas.count(("uno", "hola")) == 2)
    supervisor.parar()


def test_un_hijo_que_no_se_tiene_en_pie_vuelve_cada_vez_mas_tarde(supervisor: Supervisor, lineas: list[Linea]) -> None:
    supervisor.agregar(_hijo("uno", "exit 3"))
    _cuando(supervisor, lambda: len(lineas) == 3)
    supervisor.parar()
    assert [linea for _, linea in lineas[:3]] == [f"uno terminó (3); vuelve en {s} s" for s in (0.2, 0.5, 1.0)]


def test_un_hijo_que_no_se_deja_arrancar_se_intenta_de_nuevo(supervisor: Supervisor, lineas: list[Linea]) -> None:
    intentos: list[int] = []

    def lanzar_alguna_vez(tubo: int) -> "subprocess.Popen[bytes]":
        intentos.append(tubo)
        if len(intentos) == 2:
            raise FallaLocal("disco lleno")
        return _hijo("uno", "exit 1" if len(intentos) == 1 else "exec sleep 60").lanzar(tubo)

    supervisor.agregar(Hijo("uno", lanzar_alguna_vez))
    _cuando(supervisor, lambda: len(intentos) == 3)
    supervisor.parar()
    assert ("alpes", "uno no arranca: disco lleno; vuelve en 0.5 s") in lineas


def test_terminan_en_orden_inverso_y_a_la_fuerza_el_que_no_quiere(lineas: list[Linea], tmp_path: Path) -> None:
    supervisor = Supervisor(lambda nombre, linea: lineas.append((nombre, linea)), tmp_path / "procesos.json", plazo=3)
    espera = "while :; do sleep 0.05; done"
    supervisor.agregar(_hijo("primero", f"trap 'echo adiós; exit' TERM; echo listo; {espera}"))
    supervisor.agregar(_hijo("terco", f"trap '' TERM; echo listo; {espera}"))
    _cuando(supervisor, lambda: len(lineas) == 2)
    supervisor.parar()
    dicho = [linea for linea in lineas if linea[1] != "listo"]
    assert dicho == [("alpes", "deteniendo terco"), ("alpes", "deteniendo primero"), ("primero", "adiós")]


def test_lo_que_un_hijo_inicio_muere_con_el(supervisor: Supervisor, lineas: list[Linea]) -> None:
    hijo = _hijo("uno", "sleep 60 & echo $!; wait")
    supervisor.agregar(hijo)
    _cuando(supervisor, lambda: len(lineas) == 1)
    assert hijo.proceso is not None
    hijo.proceso.kill()
    nieto = int(lineas[0][1])
    _cuando(supervisor, lambda: not _vive(nieto))
    supervisor.parar()


@pytest.mark.parametrize("senal", [signal.SIGKILL, signal.SIGTERM])
def test_ningun_hijo_sobrevive_a_su_padre(senal: signal.Signals, tmp_path: Path) -> None:
    padre = subprocess.Popen(
        [sys.executable, "-c", _PADRE, str(tmp_path / "pid")], cwd=RAIZ, stdout=subprocess.PIPE, text=True
    )
    assert padre.stdout is not None
    hijo = int(padre.stdout.readline())
    assert _vive(hijo)
    padre.send_signal(senal)
    padre.wait()
    padre.stdout.close()
    eventualmente(lambda: _vive(hijo), lambda vive: not vive)


_PADRE = """
import sys, time
from gateway.local.hijo import lanzar
print(lanzar(["/bin/sleep", "60"], entorno={}, salida=2).pid, flush=True)
time.sleep(60)
"""


def _vive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
