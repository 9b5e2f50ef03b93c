"""A server that a test may freeze and stop, since nobody else uses it."""

import contextlib
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
    # First the one that makes the others: none is born afterwards. One of those may be about to end.
    raiz.send_signal(signal.SIGSTOP)
    procesos = [*raiz.children(recursive=True), raiz]
    _avisar(procesos, signal.SIGSTOP)
    try:
        yield
    finally:
        _avisar(procesos, signal.SIGCONT)


def _avisar(procesos: list[psutil.Process], senal: signal.Signals) -> None:
    for proceso in procesos:
        with contextlib.suppress(psutil.NoSuchProcess):
            proceso.send_signal(senal)
