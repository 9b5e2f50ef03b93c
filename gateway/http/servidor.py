"""The API's server: worker processes over one port."""

import functools
import os
import shutil
import signal
import sys
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from gateway.config import Config
from gateway.local.lanzar import morir_con_el_padre
from gateway.local.sistema import direccion_libre
from gateway.registro import preparar_registro

if TYPE_CHECKING:
    from flask import Flask

TRABAJADORES = 2
HILOS = 8
"""Threads of a worker: while a command waits for its commit, others go on."""
PARADA = 7
"""Seconds that a worker has to finish what it is doing, less than its supervisor grants."""
METRICAS = "PROMETHEUS_MULTIPROC_DIR"


def servir(config: Config, modulos: Collection[str]) -> None:
    """Serve ``modulos`` (outside names) until SIGTERM or SIGINT; requests under way are finished first.

    Raises FallaLocal.
    """
    # The server itself would share a taken port in silence.
    direccion = direccion_libre(config.api_host, config.api_port)
    archivo_de_contadores(config).unlink(missing_ok=True)
    # Set before anybody imports prometheus_client, which decides at its import whether processes count together.
    os.environ[METRICAS] = str(_carpeta_vacia(config))
    servidor = Server(
        "alpes",
        address=direccion,
        port=config.api_port,
        interface=Interfaces.WSGI,
        workers=TRABAJADORES,
        blocking_threads=HILOS,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        respawn_failed_workers=True,
        workers_kill_timeout=PARADA,
        # Its one warning at every start is about HILOS, which wait for commits and hardly compute.
        log_level=LogLevels.error,
    )
    try:
        servidor.serve(target_loader=functools.partial(aplicacion, config, modulos, os.getpid()), wrap_loader=False)
    finally:
        shutil.rmtree(os.environ.pop(METRICAS), ignore_errors=True)


def aplicacion(config: Config, modulos: Collection[str], padre: int) -> "Flask":
    """One worker's application, with a system of its own; the worker dies with the process ``padre``."""
    for senal in (signal.SIGTERM, signal.SIGINT):
        # Until the server sets its own: those inherited from the parent would swallow the signal.
        signal.signal(senal, signal.SIG_DFL)
    morir_con_el_padre(signal.SIGTERM)
    if os.getppid() != padre:
        sys.exit(1)
    from gateway.composicion import construir  # noqa: PLC0415 - see METRICAS
    from gateway.http.app import crear_app  # noqa: PLC0415

    preparar_registro("api", debug=config.debug)
    return crear_app(construir(config), config, modulos, archivo_de_contadores(config))


def archivo_de_contadores(config: Config) -> Path:
    """By which the workers of one server count requests together."""
    return config.alpes_dir / f"limites-{config.api_port}"


def _carpeta_vacia(config: Config) -> Path:
    """Where the workers count together. What an earlier server left there would be counted again."""
    carpeta = config.alpes_dir / f"metricas-{config.api_port}"
    shutil.rmtree(carpeta, ignore_errors=True)
    carpeta.mkdir(parents=True)
    return carpeta
