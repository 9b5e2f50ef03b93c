"""Rows on a terminal, in columns as wide as what is in them."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

NADA = "—"


def mostrar_tabla(filas: Sequence[Mapping[str, Any]], columnas: Sequence[str] = ()) -> None:
    """Write rows, if any, under their names on standard output. ``columnas``: which, in order; all by default."""
    if not filas:
        return
    columnas = columnas or list(filas[0])
    lineas = [list(columnas), *([_texto(fila[columna]) for columna in columnas] for fila in filas)]
    anchos = [max(map(len, columna)) for columna in zip(*lineas, strict=True)]
    for linea in lineas:
        click.echo("  ".join(f"{texto:<{ancho}}" for texto, ancho in zip(linea, anchos, strict=True)).rstrip())


def tamano(octetos: int) -> str:
    """Bytes as a person says them."""
    cantidad = float(octetos)
    for unidad in ("B", "kB", "MB"):
        if cantidad < 1024:
            return f"{cantidad:.0f} {unidad}"
        cantidad /= 1024
    return f"{cantidad:.1f} GB"


def _texto(valor: object) -> str:
    match valor:
        case None:
            return NADA
        case bool():
            return "sí" if valor else "no"
        case _:
            return str(valor)
