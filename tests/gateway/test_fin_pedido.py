"""A signal ends a process at whatever moment it comes."""

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.config import RAIZ

# The worst moment: the thread that is interrupted holds the lock of what the signal sets.
_MIENTRAS_ESPERA = """
import signal, sys, threading
from pathlib import Path
from gateway.cli.procesos import hasta_que_se_pida
from gateway.config import Config
from gateway.local.supervisor import Supervisor

def interrumpir(marco, que, _):
    if marco.f_code is threading.Condition.wait.__code__:
        sys.settrace(None)
        signal.raise_signal(signal.SIGTERM)

carpeta = Path(sys.argv[1])
supervisor = Supervisor(print, carpeta / "procesos.json")
fin = hasta_que_se_pida(Config(alpes_dir=carpeta), "prueba")
sys.settrace(interrumpir)
"""


@pytest.mark.parametrize("espera", ["fin.wait()", "supervisor.escuchar_senales(); supervisor.vigilar()"])
def test_una_senal_que_llega_mientras_se_mira_si_ya_llego(espera: str, tmp_path: Path) -> None:
    orden = [sys.executable, "-c", f"{_MIENTRAS_ESPERA}{espera}\nprint('terminó')", str(tmp_path)]
    hecho = subprocess.run(orden, cwd=RAIZ, timeout=60, check=True, capture_output=True, text=True)
    assert hecho.stdout == "terminó\n"
