"""The drill itself, in the gate: relay, consumer, broker and database die at every point, and nothing is missing."""

import json
import subprocess

import pytest

from gateway.config import RAIZ
from gateway.simulacro.carga import MAXIMO


@pytest.mark.parametrize("semilla", [1, 2])
def test_nada_se_pierde_ni_se_cuenta_dos_veces_muera_quien_muera_y_donde_muera(semilla: int) -> None:
    orden = [str(RAIZ / "alpes"), "simulacro", "--semilla", str(semilla), "--json"]
    hecho = subprocess.run(orden, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
    (ronda,) = json.loads(hecho.stdout)["rondas"]
    assert ronda["faltas"] == []
    assert ronda["muertes"] == 16
    # Some between every two deaths, and no more once the last one is over.
    assert 16 * 8 < ronda["aceptados"] < MAXIMO
