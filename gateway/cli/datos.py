"""``datos sembrar``: a database full of plausible data."""

import sys
import time

import click

from gateway.cli.espanol import Comando, Grupo
from gateway.cli.fallas import explicadas
from gateway.cli.opciones import EN_JSON
from gateway.cli.salida import escribir_json
from gateway.config import leer
from gateway.local.base import comprobar, con_base


@click.group(cls=Grupo)
def datos() -> None:
    """Datos de prueba."""


@datos.command("sembrar", cls=Comando)
@click.argument("cantidad", type=click.IntRange(1, 10_000_000), metavar="N")
@click.option("--semilla", type=click.IntRange(0, 999_999_999), default=1, show_default=True, help="Los mismos datos.")
@EN_JSON
def _sembrar(cantidad: int, semilla: int, en_json: bool) -> None:
    """Crea N clientes, N campañas y N pagos sintéticos.

    Con la misma semilla son los mismos, y repetirlo no duplica nada. Los pagos que nadie informó los lleva
    después el procesador.
    """
    from gateway.cli.siembra import sembrar
    from gateway.composicion import construir

    with explicadas(), con_base(leer()) as config:
        comprobar(str(config.db_url))
        with construir(config) as sistema:
            inicio = time.monotonic()
            cosecha = sembrar(sistema, config, cantidad, semilla)
            segundos = time.monotonic() - inicio
    rechazados = cosecha.rechazados
    for razon, veces in rechazados.items():
        click.echo(f"{veces} rechazados: {razon}", err=True)
    if en_json:
        resultado = {"clientes": cantidad, "campanias": cantidad, "pagos": cantidad, "semilla": semilla}
        resultado |= {"eventos": cosecha.eventos, "rechazados": rechazados.total()}
        escribir_json({**resultado, "segundos": round(segundos, 2)})
    else:
        hechos = f"{3 * cantidad - rechazados.total()} de {3 * cantidad} en {segundos:.1f} s"
        click.echo(f"{hechos}: {cosecha.eventos} eventos nuevos ({cosecha.eventos / segundos:,.0f} por segundo)")
    sys.exit(1 if rechazados else 0)


COMANDOS = (datos,)
