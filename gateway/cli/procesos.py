"""One process each, for containers and for the supervisor; and the migration that they all wait for."""

import os
import signal
import threading
import time
from _thread import start_new_thread

import click

from gateway.cli.espanol import Comando, Grupo
from gateway.cli.fallas import explicadas
from gateway.config import Config, leer
from gateway.local.base import comprobar, con_base, con_base_en_marcha, con_broker_en_marcha
from gateway.local.errores import FallaLocal
from gateway.pulso import Pulso, archivo_de
from gateway.topics import MODULOS

AMABILIDAD = 10
"""By how much the worker's priority is below that of the API, in the system's own steps."""
CORTESIA = 7.0
"""Seconds that a worker has to finish what it is doing, less than its supervisor grants."""


@click.group(cls=Grupo, invoke_without_command=True, subcommand_metavar="[spec]")
@click.option(
    "--modulos",
    default=",".join(MODULOS),
    show_default=True,
    callback=lambda contexto, _, texto: _modulos(contexto, texto),
    help="Sirve solo estos módulos, separados por comas.",
)
@click.pass_context
def api(contexto: click.Context, modulos: tuple[str, ...]) -> None:
    """Sirve la API en API_HOST:API_PORT.

    Con «spec», en vez de servirla, la describe."""
    if contexto.invoked_subcommand is not None:
        contexto.obj = modulos
        return
    from gateway.http.servidor import servir

    with explicadas():
        servir(_preparar("api"), modulos)


@api.command()
@click.pass_obj
def spec(modulos: tuple[str, ...]) -> None:
    """Escribe el documento OpenAPI de la API.

    No hace falta que haya nada en marcha."""
    from gateway.cli.salida import escribir_json
    from gateway.http.app import documento

    escribir_json(documento(modulos))


@click.command(cls=Comando)
def trabajador() -> None:
    """Lleva al día las tablas, las reacciones y los pagos por hacer."""
    from gateway.trabajador import trabajar

    # Short of processor, requests go first: what follows from them may lag, and catches up.
    os.nice(AMABILIDAD)
    with explicadas():
        config = _preparar("trabajador")
        trabajar(config, hasta_que_se_pida(config, "trabajador"))


@click.command(cls=Comando)
def reloj() -> None:
    """Inicia y termina campañas cuando llegan sus fechas."""
    from gateway.trabajador import llevar_el_reloj

    with explicadas():
        config = _preparar("reloj")
        llevar_el_reloj(config, hasta_que_se_pida(config, "reloj"))


@click.command(cls=Comando)
def relevo() -> None:
    """Cuenta en Apache Pulsar lo que pasa, una vez y en orden.

    Puede haber varios: uno cuenta y los demás esperan para relevarlo."""
    from gateway.pulsar.relevo import relevar

    with explicadas():
        config = _con_broker(_preparar("relevo"))
        relevar(config, hasta_que_se_pida(config, "relevo"))


@click.command(cls=Comando)
def consumidor() -> None:
    """Atiende los mensajes que llegan: comandos, y pagos que otros cuentan.

    Puede haber varios: uno atiende cada topic, y otro lo releva si falta."""
    from gateway.pulsar.consumidores import consumir

    with explicadas():
        config = _con_broker(_preparar("consumidor"))
        consumir(config, hasta_que_se_pida(config, "consumidor"))


@click.command(cls=Comando)
def migrar() -> None:
    """Crea o actualiza las tablas.

    Puede repetirse, y desde varias máquinas a la vez."""
    from projections.migraciones import migrar as migrar_base

    with explicadas(), con_base(leer(exigir_llaves=False)) as config:
        comprobar(str(config.db_url))
        migrar_base(str(config.db_url))
    click.echo("tablas al día")


def hasta_que_se_pida(config: Config, proceso: str) -> threading.Event:
    """An event that SIGTERM or Ctrl-C sets, and by which ``proceso`` shows that it moves.

    What has not ended CORTESIA seconds later is ended.
    """
    fin = Pulso(archivo_de(config.alpes_dir, proceso))

    def pedir() -> None:
        fin.set()
        time.sleep(CORTESIA)
        # Whoever waits for a database that is gone would wait for ever, and nothing it holds is lost with it.
        os._exit(1)

    for senal in (signal.SIGTERM, signal.SIGINT):
        # On a thread: the one that is interrupted may hold the event's lock.
        signal.signal(senal, lambda *_: start_new_thread(pedir, ()))
    return fin


def _modulos(contexto: click.Context, texto: str) -> tuple[str, ...]:
    pedidos = tuple(dict.fromkeys(modulo.strip() for modulo in texto.split(",")))
    if not set(pedidos) <= set(MODULOS):
        raise click.UsageError(f"El valor de modulos no es válido: deben ser de {', '.join(MODULOS)}", contexto)
    return pedidos


def _preparar(proceso: str) -> Config:
    from gateway.registro import preparar_registro

    config = con_broker_en_marcha(con_base_en_marcha(leer()))
    preparar_registro(proceso, debug=config.debug)
    return config


def _con_broker(config: Config) -> Config:
    if config.pulsar_broker_url is None:
        raise FallaLocal("No hay broker: ponga PULSAR_BROKER_URL o ejecute «alpes levantar»")
    return config


COMANDOS = (api, trabajador, reloj, relevo, consumidor, migrar)
