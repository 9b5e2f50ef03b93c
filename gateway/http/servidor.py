"""The core's server."""

import functools
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from gateway.cli.fallas import explicadas
from gateway.config import Config
from gateway.registro import preparar_registro
from gateway.servidor import Sitio
from gateway.servidor import servir as servir_en

if TYPE_CHECKING:
    from flask import Flask


def servir(config: Config, modulos: Collection[str]) -> None:
    """Serve ``modulos`` (outside names) until SIGTERM or SIGINT. Raises FallaLocal."""
    sitio = Sitio(config.api_host, config.api_port, config.alpes_dir, "API_PORT")
    servir_en(sitio, functools.partial(aplicacion, config, modulos, sitio.contadores))


def aplicacion(config: Config, modulos: Collection[str], contadores: Path) -> "Flask":
    """One worker's application, with a system of its own. Raises FallaLocal when there can be none."""
    from gateway.composicion import construir  # noqa: PLC0415 - see METRICAS
    from gateway.http.app import crear_app  # noqa: PLC0415

    preparar_registro("api", debug=config.debug)
    with explicadas():
        sistema = construir(config, con_plazo=True)
    return crear_app(sistema, config, modulos, contadores)
