"""A server that a test may freeze and stop, since nobody else uses it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from gateway.local.postgres import PostgresLocal
from projections.migraciones import migrar
from tests.conftest import SIN_DISCO


@contextmanager
def base_propia(carpeta: Path) -> Iterator[PostgresLocal]:
    """A server of one's own in ``carpeta``, its database migrated."""
    servidor = PostgresLocal(carpeta, ajustes=SIN_DISCO)
    servidor.arrancar()
    try:
        servidor.esperar()
        migrar(servidor.url)
        yield servidor
    finally:
        servidor.parar()


@contextmanager
def congelada() -> Iterator[None]:
    """Freeze the one server that this process has started, each of its processes; thawed at the end."""
    (raiz,) = (uno for uno in psutil.Process().children() if uno.name().startswith("postgres"))
    procesos = [raiz, *raiz.children(recursive=True)]
    for proceso in procesos:
        proceso.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for proceso in procesos:
            proceso.send_signal(signal.SIGCONT)
