"""The doors of the core."""

from pathlib import Path

from flask import Flask

from gateway.acceso.flask import proteger
from gateway.acceso.puerta import Puerta
from gateway.composicion import Sistema
from gateway.config import Config
from gateway.http.errores import responder


def poner(app: Flask, sistema: Sistema, config: Config, contadores: Path | None) -> None:
    """Let nobody into ``app`` who doesn't belong; see ``Puerta`` for ``contadores``."""
    puerta = Puerta(config.acceso, sistema.motor, sistema.reloj, contadores)
    proteger(app, puerta, api="core", dar_error=lambda e: responder(e.estado, e.codigo, e.texto, e.cabeceras))
