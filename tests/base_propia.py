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
from tests.detenido import detenido
from tests.eventualmente import eventualmente


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
    # First the one that makes the others: none is born afterwards.
    with detenido(servidor.proceso):
        hijos = psutil.Process(servidor.proceso.pid).children(recursive=True)
        for hijo in hijos:
            _avisar(hijo, signal.SIGSTOP)
        eventualmente(lambda: [_quieto(hijo) for hijo in hijos], all)
        try:
            yield
        finally:
            for hijo in hijos:
                _avisar(hijo, signal.SIGCONT)


def _avisar(proceso: psutil.Process, senal: signal.Signals) -> None:
    # It may have been about to end.
    with contextlib.suppress(psutil.NoSuchProcess):
        proceso.send_signal(senal)


def _quieto(proceso: psutil.Process) -> bool:
    try:
        return proceso.status() in {psutil.STATUS_STOPPED, psutil.STATUS_ZOMBIE}
    except psutil.NoSuchProcess:
        return True
