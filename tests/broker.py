"""One embedded broker for all processes of a test run: the first that needs it starts it, the last one ends it."""

import faulthandler
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from gateway.config import leer
from gateway.local.jars import asegurar
from gateway.local.pulsar import PulsarLocal
from tests.eventualmente import eventualmente

PLAZO = 180
"""Seconds for a start beside everything else that a small machine does."""


def broker_propio(carpeta: Path, ajustes: dict[str, str] | None = None) -> PulsarLocal:
    """A broker that a test may kill or freeze: not started yet, its jars at hand."""
    return PulsarLocal(carpeta, asegurar(leer({}).jars_dir, lambda *_: None), ajustes)


@contextmanager
def broker_compartido(carpeta: Path) -> Iterator[PulsarLocal]:
    """The broker of ``carpeta``, ready, for the length of a ``with`` block."""
    usuarios = carpeta / "usuarios"
    usuarios.mkdir(parents=True, exist_ok=True)
    propio = None
    with _turno(carpeta):
        broker = PulsarLocal.en_marcha(carpeta)
        if broker is None:
            broker = propio = broker_propio(carpeta)
            propio.arrancar()
            propio.esperar(PLAZO)
        (usuarios / str(os.getpid())).touch()
    try:
        yield broker
    finally:
        (usuarios / str(os.getpid())).unlink()
        if propio is not None:
            _esperar_y_parar(carpeta, usuarios, propio)


def _esperar_y_parar(carpeta: Path, usuarios: Path, broker: PulsarLocal) -> None:
    """End the broker that dies with this process, once no other needs it; whoever comes later starts one anew."""

    def parado() -> bool:
        with _turno(carpeta):
            if any(psutil.pid_exists(int(uno.name)) for uno in usuarios.iterdir()):
                return False
            broker.parar()
            return True

    # The clock that ends what hangs runs on; this waits for other workers' tests, and has a bound of its own.
    faulthandler.cancel_dump_traceback_later()
    try:
        eventualmente(parado, bool, segundos=1800)
    finally:
        broker.parar()


@contextmanager
def _turno(carpeta: Path) -> Iterator[None]:
    with (carpeta / "turno").open("w") as archivo:
        fcntl.flock(archivo, fcntl.LOCK_EX)
        yield
