"""The ``alpes`` command over a test's own database."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from gateway.config import RAIZ

LLAVES = {"LLAVE_MAESTRA": (b"m" * 32).hex(), "LLAVE_UNICIDAD": (b"u" * 32).hex()}
"""Those of ``tests.gateway.sistema``."""


class Alpes:
    """Runs commands as a person would, with the settings that ``sistema_en`` has for the same database."""

    def __init__(self, db_url: str, carpeta: Path) -> None:
        self.entorno = {"PATH": "/usr/bin:/bin", "DB_URL": db_url, "ALPES_DIR": str(carpeta), **LLAVES}

    def __call__(self, *argumentos: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "gateway.cli", *argumentos],
            cwd=RAIZ,
            env=self.entorno,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def json(self, *argumentos: str) -> Any:
        """What a command that succeeds tells with ``--json``."""
        resultado = self(*argumentos, "--json")
        assert resultado.returncode == 0, resultado.stderr
        return json.loads(resultado.stdout)
