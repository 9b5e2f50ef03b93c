"""``check``, ``test`` and ``banco``: the one gate, here as in CI."""

import signal
import subprocess
import sys
import time

import click

from gateway.cli.espanol import Comando
from gateway.config import RAIZ

A_LA_VEZ = ("-n", "4", "--dist", "worksteal")
"""Tests wait for servers and processes more than they compute: twice as many workers as the gate has cores."""
Orden = tuple[str, ...]
PASOS: tuple[tuple[str, list[Orden]], ...] = (
    ("formato", [("ruff", "format", "--check", ".")]),
    ("estilo", [("ruff", "check", ".")]),
    ("tipos", [("mypy",)]),
    ("arquitectura", [("pytest", "-q", "tests/arquitectura")]),
    (
        "pruebas",
        [("coverage", "erase"), ("coverage", "run", "-m", "pytest", *A_LA_VEZ, "--ignore=tests/arquitectura")],
    ),
    ("cobertura", [("coverage", "combine", "--quiet"), ("coverage", "report")]),
)
"""Steps by name, each with what it runs, one after the other."""


@click.command(cls=Comando)
def check() -> None:
    """La compuerta: formato, estilo, tipos, arquitectura, pruebas y su cobertura.

    Sigue hasta el final aunque un paso falle, para decir todo de una vez.
    """
    fallidos = [nombre for nombre, ordenes in PASOS if not _paso(nombre, ordenes)]
    if fallidos:
        click.echo(f"✗ no pasa: {', '.join(fallidos)}")
        sys.exit(1)
    click.echo("✓ todo pasa")


@click.command(cls=Comando, context_settings={"ignore_unknown_options": True})
@click.argument("argumentos", nargs=-1, type=click.UNPROCESSED)
def test(argumentos: tuple[str, ...]) -> None:
    """Solo las pruebas. Los ARGUMENTOS son los de pytest; sin ninguno, todas, varias a la vez."""
    sys.exit(_correr(("pytest", *(argumentos or A_LA_VEZ))))


@click.command(cls=Comando)
@click.option("--json", "en_json", is_flag=True, help="Escribe el resultado como JSON.")
def banco(en_json: bool) -> None:
    """Mide cada velocidad que se promete, al lado de su rival."""
    sys.exit(_correr(("tests.banco", *(["--json"] if en_json else []))))


def _paso(nombre: str, ordenes: list[Orden]) -> bool:
    click.echo(f"── {nombre}: {' '.join(ordenes[-1])}")
    inicio = time.monotonic()
    bien = all(_correr(orden) == 0 for orden in ordenes)
    click.echo(f"── {nombre}: {'bien' if bien else 'MAL'} ({time.monotonic() - inicio:.0f} s)")
    return bien


def _correr(orden: Orden) -> int:
    sys.stdout.flush()
    with subprocess.Popen([sys.executable, "-m", *orden], cwd=RAIZ) as proceso:
        # As with Ctrl-C, which comes to both: what it runs ends in order, and does not go on without it.
        signal.signal(signal.SIGTERM, lambda *_: proceso.send_signal(signal.SIGINT))
        return min(abs(proceso.wait()), 1)


COMANDOS = (check, test, banco)
