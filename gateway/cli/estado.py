"""``estado``: what runs, how far each reader has come, and what waits."""

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from gateway.cli.espanol import Comando
from gateway.cli.retrasos import aparcados, proyecciones, reacciones
from gateway.config import Config, leer, sin_clave
from gateway.local.base import comprobar, con_base_en_marcha
from gateway.local.errores import FallaLocal
from gateway.local.procesos import procesos


@click.command(cls=Comando)
@click.option("--json", "en_json", is_flag=True, help="Escribe el estado como JSON.")
def estado(en_json: bool) -> None:
    """Muestra qué está en marcha, hasta dónde llegó cada proyección y qué quedó aparcado.

    Termina con 1 cuando no se puede llegar a la base de datos.
    """
    config = leer(exigir_llaves=False)
    visto = _ver(config)
    if en_json:
        click.echo(json.dumps(visto, ensure_ascii=False, indent=2))
    else:
        _mostrar(visto)
    sys.exit(0 if visto["error"] is None else 1)


def _ver(config: Config) -> dict[str, Any]:
    visto: dict[str, Any] = {
        "db_url": None,
        "pulsar_broker_url": config.pulsar_broker_url,
        "procesos": procesos(config.alpes_dir),
        "proyecciones": [],
        "reacciones": [],
        "relevos": [],
        "aparcados": 0,
        "error": None,
    }
    try:
        db_url = str(con_base_en_marcha(config).db_url)
        visto["db_url"] = sin_clave(db_url)
        comprobar(db_url)
        visto |= {
            "proyecciones": proyecciones(db_url),
            "reacciones": reacciones(db_url),
            "aparcados": aparcados(db_url),
        }
    except FallaLocal as error:
        visto["error"] = str(error)
    return visto


def _mostrar(visto: dict[str, Any]) -> None:
    pantalla = Console()
    pantalla.print(f"base de datos  {visto['db_url'] or '—'}", highlight=False)
    pantalla.print(f"broker         {visto['pulsar_broker_url'] or '— (los eventos esperan en el registro)'}")
    for titulo in ("procesos", "proyecciones", "reacciones"):
        filas = visto[titulo]
        if filas:
            tabla = Table(*filas[0], title=titulo, title_justify="left")
            for fila in filas:
                tabla.add_row(*map(str, fila.values()))
            pantalla.print(tabla)
    pantalla.print(f"aparcados      {visto['aparcados']}")
    if visto["error"]:
        pantalla.print(visto["error"], style="red", highlight=False)


COMANDOS = (estado,)
