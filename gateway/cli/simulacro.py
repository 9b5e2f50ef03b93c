"""``simulacro``: proof that nothing is lost and nothing told twice, whatever dies and wherever."""

import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.espanol import Comando
from gateway.cli.opciones import EN_JSON
from gateway.cli.salida import escribir_json

if TYPE_CHECKING:
    from gateway.simulacro.ronda import Ronda


@click.command(cls=Comando)
@click.option("--rondas", type=click.IntRange(1), default=1, show_default=True, help="Cuántas.")
@click.option("--semilla", type=int, default=1, show_default=True, help="La de la primera; la misma repite lo mismo.")
@EN_JSON
def simulacro(rondas: int, semilla: int, en_json: bool) -> None:
    """Mata relevo, consumidor, broker y base de datos en plena carga.

    Con una pila propia y pasajera, sin tocar la de ALPES_DIR. En cada ronda cada uno muere de golpe en cuatro puntos;
    después se comprueba que lo aceptado está una vez en su topic, que cada reacción ocurrió una vez y que las tablas
    son los eventos. Termina con 1 si algo falta o sobra.
    """
    from gateway.simulacro.ronda import simular

    def contar(ronda: "Ronda") -> None:
        if en_json:
            return
        click.secho(
            f"ronda {ronda.semilla}: {'bien' if not ronda.faltas else 'MAL'}", nl=False,
            fg="green" if not ronda.faltas else "red",
        )  # fmt: skip
        click.echo(
            f" · {ronda.muertes} muertes · {ronda.aceptados} pagos y {ronda.mensajes} mensajes aceptados"
            f" · {ronda.segundos:.0f} s"
        )
        for falta in ronda.faltas:
            click.echo(f"  {falta}")

    carpeta = Path(tempfile.mkdtemp(prefix="alpes-simulacro-"))
    click.echo(f"pila del simulacro en {carpeta}", err=True)
    with (carpeta / "registro.txt").open("w", buffering=1) as registro:
        # Its processes complain of what is done to them: what matters is what comes of it.
        hechas = simular(carpeta, rondas, semilla, decir=lambda de, dice: print(de, dice, file=registro),
                         al_terminar=contar)  # fmt: skip
    if en_json:
        escribir_json({"rondas": [asdict(una) for una in hechas]})
    if any(una.faltas for una in hechas):
        # What was wrong is to be looked at there.
        sys.exit(1)
    shutil.rmtree(carpeta, ignore_errors=True)


COMANDOS = (simulacro,)
