"""Processes of ``alpes`` as containers run them: one each, with an environment of their own."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2

from gateway.config import RAIZ
from tests.eventualmente import eventualmente
from tests.gateway.acceso import credenciales

LLAVES = {"LLAVE_MAESTRA": (b"m" * 32).hex(), "LLAVE_UNICIDAD": (b"u" * 32).hex()}
"""Those of ``tests.gateway.sistema``."""
CON_CREDENCIALES = {"AUTH_JWT_SECRET": credenciales.SECRETO, "RATE_LIMIT": "1000000/minute"}


def portador(*roles: str) -> dict[str, str]:
    """The header of somebody with these roles, for a process that was started with CON_CREDENCIALES."""
    return credenciales.portador(credenciales.token(roles=list(roles), exp=int(time.time()) + 3600))


@contextmanager
def en_marcha(registro: Path, *argumentos: str, **entorno: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run ``alpes`` with ``argumentos`` for the length of a ``with`` block; what it says goes to ``registro``."""
    orden = [sys.executable, "-m", "gateway.cli", *argumentos]
    with registro.open("wb") as salida:
        todo = {"PATH": os.defpath, "PYTHONPATH": str(RAIZ), **entorno}
        proceso = subprocess.Popen(orden, cwd=RAIZ, env=todo, stdout=salida, stderr=subprocess.STDOUT)
    try:
        yield proceso
    finally:
        proceso.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            proceso.wait(15)
        proceso.kill()
        proceso.wait()


def esperar_respuesta(url: str, proceso: "subprocess.Popen[bytes]", registro: Path) -> None:
    """Until ``url`` is answered with a success."""

    def responde() -> bool:
        assert proceso.poll() is None, registro.read_text()
        with contextlib.suppress(httpx2.TransportError):
            return httpx2.get(url, timeout=5).is_success
        return False

    eventualmente(responde, bool)
