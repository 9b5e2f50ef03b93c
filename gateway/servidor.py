"""A server of either API: worker processes over one port."""

import functools
import os
import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from gateway.local.errores import FallaLocal, en_carpeta
from gateway.local.lanzar import morir_con_el_padre
from gateway.local.sistema import direccion_propia

if TYPE_CHECKING:
    from flask import Flask

    from gateway.entrada import Turnos

TRABAJADORES = 2
HILOS = 8
"""Requests at work in a worker: while a command waits for its commit, others go on."""
ESPERAS = 120
"""Bodies that a worker waits for at once; more are refused, so that who sends none is still served."""
PLAZO = 10.0
"""Seconds that a body has to arrive as a whole."""
PARADA = 7
"""Seconds that a worker has to finish what it is doing, less than its supervisor grants."""
METRICAS = "PROMETHEUS_MULTIPROC_DIR"


@dataclass(frozen=True, slots=True)
class Sitio:
    """Where an API is served, and where its workers count together. ``variable`` is the setting of its port."""

    anfitrion: str
    puerto: int
    carpeta: Path
    variable: str

    @property
    def contadores(self) -> Path:
        """By which the workers of one server count requests together."""
        return self.carpeta / f"limites-{self.puerto}"

    @property
    def falla(self) -> Path:
        """Where a worker says why it can't begin."""
        return self.carpeta / f"falla-{self.puerto}"


def servir(sitio: Sitio, cargar: Callable[[], "Flask"], plazo: float = PLAZO) -> None:
    """Serve what ``cargar`` makes in each worker, until SIGTERM or SIGINT; requests under way are finished first.

    ``plazo``: seconds that a body has to arrive.

    Raises FallaLocal.
    """
    # The server itself would share a taken port in silence.
    with direccion_propia(sitio.anfitrion, sitio.puerto, sitio.variable, "servir") as direccion:
        _servir(sitio, direccion, cargar, plazo)


def _servir(sitio: Sitio, direccion: str, cargar: Callable[[], "Flask"], plazo: float) -> None:
    with en_carpeta(sitio.carpeta):
        sitio.contadores.unlink(missing_ok=True)
        sitio.falla.unlink(missing_ok=True)
        # Set before anybody imports prometheus_client, which decides at its import whether processes count together.
        os.environ[METRICAS] = str(_carpeta_vacia(sitio))
    servidor = Server(
        "alpes",
        address=direccion,
        port=sitio.puerto,
        interface=Interfaces.WSGI,
        workers=TRABAJADORES,
        # Beside those that work or read, as many may wait for somebody else.
        blocking_threads=2 * (HILOS + ESPERAS),
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
        workers_kill_timeout=PARADA,
        # Its one warning at every start is about threads, which wait and hardly compute.
        log_level=LogLevels.error,
    )
    cargador = functools.partial(_en_un_trabajador, cargar, os.getpid(), plazo, sitio.falla)
    try:
        servidor.serve(target_loader=cargador, wrap_loader=False)
    finally:
        shutil.rmtree(os.environ.pop(METRICAS), ignore_errors=True)
        _exigir_que_empezara(sitio)


def _exigir_que_empezara(sitio: Sitio) -> None:
    """Raises FallaLocal with what a worker said that could not begin."""
    if sitio.falla.exists():
        dicho = sitio.falla.read_text()
        sitio.falla.unlink()
        raise FallaLocal(dicho)


def _en_un_trabajador(cargar: Callable[[], "Flask"], padre: int, plazo: float, falla: Path) -> "Turnos":
    """One worker's application; the worker dies with the process ``padre``, which ends when this can't begin."""
    for senal in (signal.SIGTERM, signal.SIGINT):
        # Until the server sets its own: those inherited from the parent would swallow the signal.
        signal.signal(senal, signal.SIG_DFL)
    # Not asked but made to: nobody is left to end one whose last request doesn't come to its end.
    morir_con_el_padre(signal.SIGKILL)
    if os.getppid() != padre:
        sys.exit(1)
    from gateway.entrada import Turnos  # noqa: PLC0415 - the parent needs nothing of it

    try:
        return Turnos(cargar().wsgi_app, HILOS, ESPERAS, plazo)
    except FallaLocal as error:
        # The server would start it again and again, until two of its ends come soon enough one after the other.
        with suppress(FileExistsError), falla.open("x") as archivo:
            archivo.write(str(error))
        os.kill(padre, signal.SIGTERM)
        sys.exit(1)


def _carpeta_vacia(sitio: Sitio) -> Path:
    """Where the workers count together. What an earlier server left there would be counted again."""
    carpeta = sitio.carpeta / f"metricas-{sitio.puerto}"
    shutil.rmtree(carpeta, ignore_errors=True)
    carpeta.mkdir(parents=True)
    return carpeta
