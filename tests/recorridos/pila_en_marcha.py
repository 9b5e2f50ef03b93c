"""A stack in a process of its own, as a person starts it, with its children within reach."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import psutil

from gateway.config import RAIZ
from gateway.local.sistema import puerto_libre
from tests.eventualmente import eventualmente
from tests.si_falla import si_falla

RED = ("_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR", "_PROXY")
ARRANQUE = 180
"""Seconds that a first start may take on a busy machine; what is promised is measured by the benchmarks."""


@dataclass
class Pila:
    """``carpeta`` is its ALPES_DIR, ``registro`` the file with what it says."""

    carpeta: Path
    puerto: int
    registro: Path
    proceso: "subprocess.Popen[bytes]"
    ademas: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.puerto}"

    def dicho(self) -> str:
        """Its whole lines: of the one that is being written, a part may be there."""
        return self.registro.read_bytes().rpartition(b"\n")[0].decode()

    def esperar_lista(self) -> None:
        """Until it says so, or is dead."""
        eventualmente(self.dicho, lambda dicho: "listo: API" in dicho or self.proceso.poll() is not None, ARRANQUE)
        assert self.proceso.poll() is None, self.dicho()

    def estado(self) -> dict[str, Any]:
        orden = [sys.executable, "-m", "gateway.cli", "estado", "--json"]
        salida = subprocess.run(orden, cwd=RAIZ, env=self.entorno(), capture_output=True, check=False).stdout
        return dict(json.loads(salida))

    def al_dia(self) -> bool:
        """Whether every reader has come to the end of its log."""
        visto = self.estado()
        lectores = [*visto["proyecciones"], *visto["reacciones"]]
        return bool(lectores) and all(lector["estado"] == "al día" for lector in lectores)

    def hijo(self, nombre: str) -> int | None:
        """The pid of a child, None while it is down."""
        try:
            anotados = json.loads((self.carpeta / "procesos.json").read_text())
        except FileNotFoundError:
            return None
        return next((uno["pid"] for uno in anotados if uno["nombre"] == nombre), None)

    def entorno(self) -> dict[str, str]:
        # How this machine reaches what is downloaded is told by these; nothing else of it counts.
        red = {nombre: valor for nombre, valor in os.environ.items() if nombre.upper().endswith(RED)}
        return {"PATH": os.defpath, "ALPES_DIR": str(self.carpeta), "API_PORT": str(self.puerto), **red, **self.ademas}

    def arbol(self) -> list[psutil.Process]:
        """Every process of the stack, whichever started it."""
        raiz = psutil.Process(self.proceso.pid)
        return [raiz, *raiz.children(recursive=True)]


@contextmanager
def pila(
    carpeta: Path, *argumentos: str, puerto: int | None = None, entorno: Mapping[str, str] | None = None
) -> Iterator[Pila]:
    """Start ``alpes`` with ``argumentos`` over ``carpeta``, and ``entorno`` besides what it needs.

    Whatever is left of it at the end is killed."""
    carpeta.mkdir(parents=True, exist_ok=True)
    registro = carpeta / "registro.txt"
    ademas = {"BFF_PORT": str(puerto_libre()), **(entorno or {})}
    una = Pila(carpeta, puerto or puerto_libre(), registro, None, ademas)  # type: ignore[arg-type]
    with registro.open("wb") as salida:
        una.proceso = subprocess.Popen(
            [str(RAIZ / "alpes"), *argumentos],
            env=una.entorno(),
            stdout=salida,
            stderr=salida,
            stdin=subprocess.DEVNULL,
        )
    try:
        with si_falla(registro):
            yield una
    finally:
        restos = una.arbol() if una.proceso.poll() is None else []
        una.proceso.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            una.proceso.wait(60)
        for proceso in restos:
            with contextlib.suppress(psutil.NoSuchProcess):
                proceso.kill()
        una.proceso.wait()


def vivos(procesos: list[psutil.Process]) -> list[str]:
    """Those that still run, each by its command line."""
    lineas = []
    for proceso in procesos:
        with contextlib.suppress(psutil.NoSuchProcess):
            if proceso.is_running() and proceso.status() != psutil.STATUS_ZOMBIE:
                lineas.append(" ".join(proceso.cmdline())[:120])
    return lineas


def cliente(una: Pila) -> httpx2.Client:
    return httpx2.Client(base_url=una.url, timeout=60)
