"""Start the BFF at BFF_HOST:BFF_PORT: ``python -m bff.main``. Exit status: 0, 1 failed."""

import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bff.infrastructure.config import NO_ARRANCA, Ajustes, leer_ajustes
from gateway.registro import preparar_registro
from gateway.servidor import Sitio, servir

if TYPE_CHECKING:
    from flask import Flask


def principal(argumentos: list[str]) -> int:
    """Serve until SIGTERM or SIGINT; with ``spec``, write the OpenAPI document instead.

    What went wrong is told on standard error, in Spanish.
    """
    if argumentos == ["spec"]:
        from bff.infrastructure.web.app import documento  # noqa: PLC0415 - see aplicacion

        sys.stdout.write(json.dumps(documento(), ensure_ascii=False, indent=1) + "\n")
        return 0
    try:
        ajustes, config = leer_ajustes()
        sitio = Sitio(ajustes.host, ajustes.port, config.alpes_dir, "BFF_PORT")
        servir(sitio, functools.partial(aplicacion, ajustes, sitio.contadores))
    except NO_ARRANCA as error:
        sys.stderr.write(f"alpes: {error}\n")
        return 1
    return 0


def aplicacion(ajustes: Ajustes, contadores: Path) -> "Flask":
    """One worker's application."""
    # The library that counts decides at its import whether processes count together: not before the server says so.
    from bff.infrastructure.web.app import create_bff_app  # noqa: PLC0415

    preparar_registro("bff", debug=ajustes.debug)
    return create_bff_app(ajustes, contadores)


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
