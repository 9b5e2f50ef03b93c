"""Who of a stack lives, as its supervisor wrote it down and as the machine confirms it."""

import json
from pathlib import Path
from typing import Any

import psutil

ARCHIVO = "procesos.json"
_SE_CONOCE_POR = {"postgres": "postgres", "pulsar": "pulsar", "bff": "bff"}
"""What the command line of a process has in it that is not, or did not stay, the ``alpes`` command."""


def procesos(carpeta: Path) -> list[dict[str, Any]]:
    """``{nombre, pid, reinicios, estado}`` of each process of the stack in ``carpeta``; none when none was left."""
    try:
        anotados = json.loads((carpeta / ARCHIVO).read_text())
    except (OSError, ValueError):
        return []
    return [{**uno, "estado": "vivo" if _vive(uno["pid"], uno["nombre"]) else "caído"} for uno in anotados]


def _vive(pid: int | None, nombre: str) -> bool:
    if pid is None:
        return False
    try:
        proceso = psutil.Process(pid)
        # A number that another program got meanwhile is not ours.
        es_suyo = _SE_CONOCE_POR.get(nombre, "gateway") in " ".join(proceso.cmdline())
        return es_suyo and proceso.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        # It may end between two questions, too.
        return False
