"""schemathesis over a server that runs: thousands of requests made from its own document."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SEGUNDOS = 45
"""That the requests may take, all of them."""


def examinar(documento: str, cabeceras: Mapping[str, str], ajustes: Path, carpeta: Path) -> None:
    """Fail with what it finds, and how to ask again. ``ajustes`` says what may pass, and why."""
    orden = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(ajustes), "run", documento]
    orden += ["--max-time", str(SEGUNDOS), "--max-examples", "10"]
    for nombre, valor in cabeceras.items():
        orden += ["--header", f"{nombre}: {valor}"]
    hecho = subprocess.run(orden, cwd=carpeta, capture_output=True, text=True, check=False)
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
    elegidas = re.search(r"Selected: (\d+)/\1\b", hecho.stdout)
    assert elegidas is not None, hecho.stdout
    assert f"Tested: {elegidas[1]}" in hecho.stdout, hecho.stdout
