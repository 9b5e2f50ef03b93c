"""``mensajes``: what came in and could not be counted, and what to do about it."""

import sys
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.alineacion import alinear
from gateway.cli.entregas import libro
from gateway.cli.espanol import Comando, Grupo
from gateway.cli.opciones import EN_JSON
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.tablas import mostrar_tabla
from gateway.config import leer
from gateway.local.base import con_broker_en_marcha
from gateway.local.errores import FallaLocal

if TYPE_CHECKING:
    from gateway.composicion import Sistema
    from gateway.pulsar.aparcados import Aparcado
    from gateway.pulsar.bandeja import Bandeja

CONSUMIDORES = ("eventos.pagos", "comandos.cliente", "comandos.pagos", "comandos.campanias")
CONSUMIDOR = click.Choice(CONSUMIDORES)
COLUMNAS = ("consumidor", "llave", "mensajes", "desde", "intentos", "error")


@click.group(cls=Grupo)
def mensajes() -> None:
    """Los mensajes del broker: lo que llegó y espera."""


@mensajes.command("aparcados", cls=Comando)
@click.argument("consumidor", required=False, type=CONSUMIDOR)
@EN_JSON
def aparcados(consumidor: str | None, en_json: bool) -> None:
    """Lista las llaves aparcadas, todas o las de CONSUMIDOR.

    Desde el mensaje que falla, los de esa llave esperan en orden; los demás siguen.
    """
    with sistema_de_ordenes() as sistema:
        filas = _llaves(sistema, consumidor)
    if en_json:
        escribir_json({"aparcados": filas})
    elif filas:
        mostrar_tabla(filas, COLUMNAS)
        click.echo("\nel porqué: «alpes mensajes explicar CONSUMIDOR LLAVE»")
    else:
        click.echo("nada aparcado")


@mensajes.command("reintentar", cls=Comando)
@click.argument("consumidor", required=False, type=CONSUMIDOR)
@click.option("--llave", metavar="LLAVE", help="Solo esta llave.")
@EN_JSON
def reintentar(consumidor: str | None, llave: str | None, en_json: bool) -> None:
    """Retoma en orden lo aparcado.

    Con el consumidor en marcha o sin él. Sin CONSUMIDOR, todo. Termina con 1 si algo sigue aparcado.
    """
    with sistema_de_ordenes() as sistema:
        if llave is not None:
            _esperan(sistema, consumidor, llave)
        pedidas = [fila for fila in _llaves(sistema, consumidor) if llave in (None, fila["llave"])]
        bandejas = _bandejas(sistema)
        for fila in pedidas:
            bandejas[fila["consumidor"]].reintentar(fila["llave"])
        siguen = [fila for fila in _llaves(sistema, consumidor) if llave in (None, fila["llave"])]
    if en_json:
        sueltas = len(pedidas) - len(siguen)
        escribir_json({"reintentadas": len(pedidas), "sueltas": sueltas, "aparcados": siguen})
    else:
        click.echo(f"{len(pedidas) - len(siguen)} de {len(pedidas)} al día")
        mostrar_tabla(siguen, COLUMNAS)
    sys.exit(1 if siguen else 0)


@mensajes.command("explicar", cls=Comando)
@click.argument("consumidor", type=CONSUMIDOR)
@click.argument("llave")
@EN_JSON
def explicar(consumidor: str, llave: str, en_json: bool) -> None:
    """Muestra por qué se detuvo una llave: cada mensaje que espera y qué dice.

    Nunca muestra datos personales.
    """
    from gateway.pulsar.explicacion import explicar as explicar_uno
    from gateway.pulsar.recibidos import imprimible

    with sistema_de_ordenes() as sistema:
        bandeja = _bandejas(sistema)[consumidor]
        explicados = [explicar_uno(bandeja, uno) for uno in _esperan(sistema, consumidor, llave)]
    if en_json:
        escribir_json({"consumidor": consumidor, "llave": llave, "mensajes": explicados})
        return
    for uno in explicados:
        click.secho(f"{consumidor} {llave}: mensaje {uno['id']}", bold=True)
        for nombre, valor in uno.items():
            if nombre not in ("id", "datos") and valor not in ("", None):
                click.echo(imprimible(f"  {nombre:<15} {valor}"))
        for nombre, valor in (uno["datos"] or {}).items():
            click.echo(imprimible(f"    {nombre} = {valor}"))
    click.echo("corregida la causa: «alpes mensajes reintentar»; si no tiene cura: «alpes mensajes descartar»")


@mensajes.command("descartar", cls=Comando)
@click.argument("consumidor", type=CONSUMIDOR)
@click.argument("llave")
def descartar(consumidor: str, llave: str) -> None:
    """Renuncia al primer mensaje de una llave, y retoma los que esperan detrás.

    El descartado no se contará aunque vuelva a llegar.
    """
    with sistema_de_ordenes() as sistema:
        _esperan(sistema, consumidor, llave)
        bandeja = _bandejas(sistema)[consumidor]
        bandeja.descartar(llave)
        detenido = bandeja.reintentar(llave)
    click.echo("descartado" if detenido is None else f"descartado; el siguiente también se detiene: {detenido.error}")
    sys.exit(0 if detenido is None else 1)


def _bandejas(sistema: "Sistema") -> "dict[str, Bandeja]":
    from gateway.pulsar.consumidores import bandejas

    return bandejas(sistema, con_broker_en_marcha(leer()))


def _llaves(sistema: "Sistema", consumidor: str | None) -> list[dict[str, Any]]:
    """One row a key: its first message, and how many wait."""
    from gateway.pulsar.aparcados import listar

    filas: dict[tuple[str, str], dict[str, Any]] = {}
    for uno in listar(sistema.motor, consumidor):
        primera = {
            "consumidor": uno.consumidor,
            "llave": uno.llave,
            "mensajes": 0,
            "desde": uno.aparcado_en.isoformat(timespec="seconds"),
            "intentos": uno.intentos,
            "error": uno.error,
        }
        filas.setdefault((uno.consumidor, uno.llave), primera)["mensajes"] += 1
    return list(filas.values())


def _esperan(sistema: "Sistema", consumidor: str | None, llave: str) -> "list[Aparcado]":
    from gateway.pulsar.aparcados import listar

    hallados = listar(sistema.motor, consumidor, llave)
    if not hallados:
        quien = "Nadie" if consumidor is None else f"«{consumidor}» no"
        raise FallaLocal(f"{quien} tiene aparcada «{llave}»: vea «alpes mensajes aparcados»")
    return hallados


mensajes.add_command(alinear)
mensajes.add_command(libro)
COMANDOS = (mensajes,)
