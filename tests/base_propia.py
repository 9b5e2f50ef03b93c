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
def congelada(servidor: PostgresLocal) -> Iterator[None]:
    """Freeze every process of ``servidor``; thawed at the end."""
    assert servidor.proceso is not None
    raiz = psutil.Process(servidor.proceso.pid)
    procesos = [raiz, *raiz.children(recursive=True)]
    for proceso in procesos:
        proceso.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        for proceso in procesos:
            proceso.send_signal(signal.SIGCONT)
