"""``estado``: what runs, how far each reader has come, and what waits."""

import json
import sys
from typing import Any

import click

from gateway.cli.espanol import Comando
from gateway.cli.proyecciones import mostrar_proyecciones
from gateway.cli.tablas import mostrar_tabla
from gateway.config import Config, leer, sin_clave
from gateway.local.base import comprobar, con_base_en_marcha, con_broker_en_marcha
from gateway.local.errores import FallaLocal
from gateway.local.procesos import procesos
from gateway.pulso import archivo_de, late


@click.command(cls=Comando)
@click.option("--json", "en_json", is_flag=True, help="Escribe el estado como JSON.")
@click.option(
    "--pulso",
    type=click.Choice(["trabajador", "reloj", "relevo", "consumidor"]),
    help="Exige también que ese proceso, con este ALPES_DIR, avance.",
)
def estado(en_json: bool, pulso: str | None) -> None:
    """Muestra qué está en marcha y hasta dónde llegó cada lector.

    Termina con 1 cuando no se puede llegar a la base de datos, o lo de --pulso está detenido.
    """
    config = leer()
    if pulso is not None and not late(archivo_de(config.alpes_dir, pulso)):
        raise FallaLocal(f"El proceso {pulso} no avanza")
    visto = _ver(config)
    if en_json:
        click.echo(json.dumps(visto, ensure_ascii=False, indent=2))
    else:
        _mostrar(visto)
    sys.exit(0 if visto["error"] is None else 1)


def _ver(config: Config) -> dict[str, Any]:
    visto: dict[str, Any] = {
        "db_url": None,
        "pulsar_broker_url": None,
        "broker": None,
        "procesos": procesos(config.alpes_dir),
        "proyecciones": [],
        "reacciones": [],
        "relevos": [],
        "consumidores": [],
        "aparcados": 0,
        "error": None,
    }
    from gateway.cli.broker import con_avisos, ver_broker
    from gateway.cli.fallas import explicadas
    from gateway.composicion import construir
    from gateway.pulsar.pendientes import consumidores, llaves_aparcadas
    from gateway.relevos import relevos
    from gateway.retrasos import aparcados, proyecciones, reacciones

    config = con_broker_en_marcha(config)
    visto |= ver_broker(config)
    try:
        config = con_base_en_marcha(config)
        visto["db_url"] = sin_clave(str(config.db_url))
        comprobar(str(config.db_url))
        with explicadas(), construir(config, conexiones=2) as sistema:
            visto |= {
                "proyecciones": proyecciones(sistema),
                "reacciones": reacciones(sistema),
                "relevos": relevos(sistema),
                "consumidores": consumidores(config, sistema.motor),
                "aparcados": sum(aparcados(sistema).values()) + sum(llaves_aparcadas(sistema.motor).values()),
            }
            visto |= con_avisos(visto, config)
    except FallaLocal as error:
        visto["error"] = str(error)
    return visto


def _mostrar(visto: dict[str, Any]) -> None:
    click.echo(f"base de datos  {visto['db_url'] or '—'}")
    broker = (
        f"{visto['pulsar_broker_url']}  {visto['broker']}"
        if visto["broker"]
        else "— (los eventos esperan en el registro)"
    )
    click.echo(f"broker         {broker}")
    click.echo(f"aparcados      {visto['aparcados']}")
    for titulo in ("procesos", "proyecciones", "reacciones", "relevos", "consumidores"):
        if visto[titulo]:
            click.secho(f"\n{titulo}", bold=True)
            (mostrar_proyecciones if titulo == "proyecciones" else mostrar_tabla)(visto[titulo])
    if visto["aparcados"]:
        click.echo("\nlos aparcados: «alpes proyecciones aparcados listar», «alpes mensajes aparcados»")
    if visto["error"]:
        click.secho(visto["error"], fg="red")


COMANDOS = (estado,)
