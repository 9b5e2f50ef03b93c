"""``proyecciones``: the read side, as who operates it sees and moves it."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from gateway.cli.aparcados import aparcados
from gateway.cli.espanol import Comando, Grupo
from gateway.cli.opciones import EN_JSON
from gateway.cli.plan import plan
from gateway.cli.reconstruccion import descartar, reconstruir, volver
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.tablas import mostrar_tabla, tamano
from gateway.cli.verificacion import verificar

COLUMNAS = (
    "nombre", "version", "generacion", "situacion", "modulo", "estado", "posicion", "cabeza", "retraso_eventos",
    "retraso_segundos", "aparcados", "ocupa",
)  # fmt: skip


@click.group("proyecciones", cls=Grupo)
def proyecciones() -> None:
    """Las tablas de consulta: cómo van, y cómo se rehacen y se comprueban."""


@proyecciones.command("lista", cls=Comando)
@EN_JSON
def lista(en_json: bool) -> None:
    """Muestra hasta dónde llegó cada proyección.

    Una fila por generación y módulo, con lo que tiene aparcado y lo que ocupan sus tablas. «atrasada» avanza pero no ha
    llegado; «sin avanzar» tiene qué leer y no se mueve; «sin trabajador», nadie la lleva.
    """
    from gateway.retrasos import proyecciones as filas_de

    with sistema_de_ordenes() as sistema:
        filas = filas_de(sistema)
    if en_json:
        escribir_json({"proyecciones": filas})
        return
    mostrar_proyecciones(filas)
    if any(fila["estado"] == "sin trabajador" for fila in filas):
        click.echo("\nnadie las lleva: «alpes trabajador», o todo con «alpes levantar»")
    if any(fila["aparcados"] for fila in filas):
        click.echo("\nlos aparcados: «alpes proyecciones aparcados listar»")


def mostrar_proyecciones(filas: Sequence[Mapping[str, Any]]) -> None:
    """One row a generation and module, and what it costs to keep those of before."""
    mostrar_tabla([{**fila, "ocupa": tamano(fila["bytes"])} for fila in filas], COLUMNAS)
    guardadas = dict[str, dict[int, int]]()
    for fila in filas:
        if fila["situacion"] != "activa":
            guardadas.setdefault(fila["nombre"], {})[fila["generacion"]] = fila["bytes"]
    if guardadas:
        cada = ", ".join(f"{nombre} ({len(suyas)} {'generación' if len(suyas) == 1 else 'generaciones'},"
                         f" {tamano(sum(suyas.values()))})" for nombre, suyas in guardadas.items())  # fmt: skip
        click.echo(f"\nal lado de lo que se lee: {cada}. Ocupan disco y cuesta tenerlas al día:"
                   " «alpes proyecciones descartar NOMBRE» las borra")  # fmt: skip


for _comando in (plan, reconstruir, verificar, volver, descartar, aparcados):
    proyecciones.add_command(_comando)

COMANDOS = (proyecciones,)
