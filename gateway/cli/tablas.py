"""Rows on a terminal, in columns as wide as what is in them."""

import shutil
from collections.abc import Mapping, Sequence
from typing import Any

import click

NADA = "—"


def mostrar_tabla(filas: Sequence[Mapping[str, Any]], columnas: Sequence[str] = ()) -> None:
    """Write rows, if any, under their names on standard output. ``columnas``: which, in order; all by default.

    Where a terminal is too narrow for that, a row is a block of lines, one a column: nothing is cut off.
    """
    if not filas:
        return
    columnas = columnas or list(filas[0])
    lineas = [list(columnas), *([_texto(fila[columna]) for columna in columnas] for fila in filas)]
    anchos = [max(map(len, columna)) for columna in zip(*lineas, strict=True)]
    # What goes to a file or a program has all the room it needs.
    if 0 < shutil.get_terminal_size((0, 0)).columns < sum(anchos) + 2 * (len(anchos) - 1):
        _mostrar_bloques(columnas, lineas[1:])
        return
    for linea in lineas:
        click.echo("  ".join(f"{texto:<{ancho}}" for texto, ancho in zip(linea, anchos, strict=True)).rstrip())


def _mostrar_bloques(columnas: Sequence[str], filas: Sequence[Sequence[str]]) -> None:
    ancho = max(map(len, columnas))
    for numero, fila in enumerate(filas):
        if numero:
            click.echo()
        for columna, texto in zip(columnas, fila, strict=True):
            click.echo(f"{columna:<{ancho}}  {texto}")


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
