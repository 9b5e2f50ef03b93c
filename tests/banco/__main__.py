"""Every benchmark, side by side in one run: ``./alpes banco [--json]``. Exit status 1 when a goal is missed."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg import sql
from rich.console import Console
from rich.table import Table

from gateway.config import Config
from gateway.local.base import completar
from gateway.local.postgres import BASE, PostgresLocal
from projections.migraciones import migrar
from tests.banco import (
    agregar,
    arrancar,
    cambiar,
    consumidor,
    listas,
    mapear,
    memoria,
    pagar,
    reconstruir,
    registrar,
    ver,
)
from tests.banco.medir import Razon

ESCENARIOS = (agregar, mapear, registrar, pagar, ver, listas, reconstruir, cambiar, memoria, consumidor, arrancar)
RONDAS = 5


def principal(en_json: bool) -> int:
    """Measure, print and return an exit status."""
    avance = Console(stderr=True)
    lineas: list[Razon] = []
    with tempfile.TemporaryDirectory() as carpeta, _servidor(Path(carpeta) / "banco") as config:
        for escenario in ESCENARIOS:
            nombre = escenario.__name__.rpartition(".")[2]
            avance.print(f"midiendo: {nombre}…")
            lineas += escenario.medir(_base_nueva(config, nombre), RONDAS)
    if en_json:
        sys.stdout.write(json.dumps([linea.como_dict() for linea in lineas], ensure_ascii=False, indent=1) + "\n")
    else:
        Console(width=150).print(_tabla(lineas))
    return 0 if all(linea.cumple is not False for linea in lineas) else 1


@contextmanager
def _servidor(carpeta: Path) -> Iterator[Config]:
    servidor = PostgresLocal(carpeta)
    servidor.arrancar()
    try:
        servidor.esperar()
        yield completar(Config(alpes_dir=carpeta), servidor)
    finally:
        servidor.parar()


def _base_nueva(config: Config, nombre: str) -> Config:
    """A migrated database of the scenario's own: what one writes is not the log that another follows."""
    url = str(config.db_url)
    servidor = PostgresLocal.en_marcha(config.alpes_dir)
    assert servidor is not None
    with psycopg.connect(servidor.url_admin, autocommit=True) as conexion:
        conexion.execute(sql.SQL("CREATE DATABASE {} OWNER alpes").format(sql.Identifier(nombre)))
    nueva = url.removesuffix(f"/{BASE}") + f"/{nombre}"
    migrar(nueva)
    return replace(config, db_url=nueva)


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
