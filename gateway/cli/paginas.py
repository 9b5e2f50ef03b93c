"""``bff``: the pages of the web interface, which are another program's."""

import os
import sys

import click

from gateway.cli.espanol import Comando


@click.command(cls=Comando)
@click.argument("orden", required=False, type=click.Choice(["spec"]))
def bff(orden: str | None) -> None:
    """Sirve las páginas de la interfaz web en BFF_HOST:BFF_PORT.

    Con «spec», en vez de servirlas, las describe."""
    # It knows this room, which doesn't know it: become it, under the same pid and the same supervisor.
    argumentos = [sys.executable, "-P", "-m", "bff.main", *([orden] if orden else [])]
    os.execv(sys.executable, argumentos)  # noqa: S606 - ourselves


COMANDOS = (bff,)
