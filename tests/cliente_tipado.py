"""A client that an ordinary generator makes from a document."""

import importlib
import json
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Pieza = Callable[[str], Any]
"""A module of the client, by its name below it."""


@contextmanager
def cliente_de(documento: dict[str, Any], carpeta: Path) -> Iterator[Pieza]:
    """Generate the client in ``carpeta``, importable for the length of a ``with`` block."""
    nombre = f"cliente_{uuid.uuid4().hex[:8]}"
    entrada, ajustes = carpeta / f"{nombre}.json", carpeta / f"{nombre}.yaml"
    entrada.write_text(json.dumps(documento))
    ajustes.write_text("post_hooks: []\n")
    opciones = ("--meta", "none", "--fail-on-warning", "--path", str(entrada), "--config", str(ajustes))
    orden = [
        sys.executable,
        "-m",
        "openapi_python_client",
        "generate",
        *opciones,
        "--output-path",
        str(carpeta / nombre),
    ]
    hecho = subprocess.run(orden, capture_output=True, text=True, check=False)
    assert hecho.returncode == 0, hecho.stdout + hecho.stderr
    sys.path.insert(0, str(carpeta))
    try:
        yield lambda pieza: importlib.import_module(f"{nombre}.{pieza}")
    finally:
        sys.path.remove(str(carpeta))
