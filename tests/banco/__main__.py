"""Every benchmark, side by side in one run: ``./alpes banco [--json]``.

Exit status 1 when a goal is missed, or a scenario fails; what the others have measured is printed all the same.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from gateway.config import Config
from gateway.local.base import completar
from gateway.local.postgres import PostgresLocal
from tests.banco import (
    acceso,
    agregar,
    arrancar,
    bff,
    cambiar,
    consumidor,
    listas,
    mapear,
    memoria,
    pagar,
    reconstruir,
    registrar,
    relevo,
    ver,
)
from tests.banco.bases import base_nueva
from tests.banco.medir import Razon

ESCENARIOS = (
    agregar,
    mapear,
    registrar,
    pagar,
    acceso,
    ver,
    listas,
    bff,
    reconstruir,
    cambiar,
    memoria,
    relevo,
    consumidor,
    arrancar,
)
RONDAS = 5


def principal(en_json: bool) -> int:
    """Measure, print and return an exit status."""
    avance = Console(stderr=True)
    lineas: list[Razon] = []
    fallidos: list[str] = []
    with tempfile.TemporaryDirectory() as carpeta, _servidor(Path(carpeta) / "banco") as config:
        for escenario in ESCENARIOS:
            nombre = escenario.__name__.rpartition(".")[2]
            inicio = perf_counter()
            avance.print(f"midiendo: {nombre}…", end=" ")
            try:
                # What is measured logs, as it would elsewhere; here the output is the result.
                with open(os.devnull, "w") as nada, redirect_stdout(nada):
                    lineas += escenario.medir(base_nueva(config, nombre), RONDAS)
            except Exception:  # what the others give is not to be lost
                fallidos.append(nombre)
                avance.print_exception()
            avance.print(f"{perf_counter() - inicio:.0f} s")
    if en_json:
        sys.stdout.write(json.dumps([linea.como_dict() for linea in lineas], ensure_ascii=False, indent=1) + "\n")
    else:
        Console(width=150).print(_tabla(lineas))
    for nombre in fallidos:
        avance.print(f"no se pudo medir: {nombre}", style="red")
    return 1 if fallidos or any(linea.cumple is False for linea in lineas) else 0


@contextmanager
def _servidor(carpeta: Path) -> Iterator[Config]:
    servidor = PostgresLocal(carpeta)
    servidor.arrancar()
    try:
        servidor.esperar()
        yield completar(Config(alpes_dir=carpeta), servidor)
    finally:
        servidor.parar()


def _tabla(lineas: list[Razon]) -> Table:
    tabla = Table("escenario", "frente a", "razón", "peor a mejor", "meta", "nuestra", "suya", "unidad")
    for linea in lineas:
        meta = "" if linea.meta is None else f"{'≤ ' * linea.a_lo_sumo}{linea.meta:g} {'✓' if linea.cumple else '✗'}"
        suya = "" if linea.medida_par is None else f"{linea.medida_par:,.2f}"
        extremos = f"{linea.peor:.2f} a {linea.mejor:.2f}"
        tabla.add_row(
            linea.escenario, linea.par, f"{linea.razon:.2f}", extremos, meta, f"{linea.medida:,.2f}", suya, linea.unidad
        )
    return tabla


if __name__ == "__main__":
    sys.exit(principal("--json" in sys.argv))
