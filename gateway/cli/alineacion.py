"""``mensajes alinear``: after a restore, whether log and broker are of one history, and the safe repair."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.espanol import Comando
from gateway.cli.opciones import EN_JSON, MODULO
from gateway.cli.salida import aunque_nadie_lea, escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.tablas import mostrar_tabla
from gateway.config import Config, leer
from gateway.local.base import con_broker_en_marcha
from gateway.local.errores import FallaLocal

if TYPE_CHECKING:
    from gateway.composicion import Sistema
    from gateway.pulsar.diferencias import Alineacion

MUESTRA = 50
"""Rows of each kind on a terminal; ``--json`` tells all."""
COLUMNAS = ("evento", "tipo", "posicion", "ocurrido_en", "mensaje", "otro_igual")


@click.command("alinear", cls=Comando)
@MODULO
@click.option("--aplicar", is_flag=True, help="Hace el arreglo; sin ella nada cambia.")
@click.option("--si", is_flag=True, help="Con --aplicar, no pregunta.")
@click.option(
    "--desde", type=click.IntRange(1), metavar="POSICIÓN",
    help="Lo que falte en el topic desde ahí se perdió, aunque parezca que lo dejó ir la retención. Pide --modulo.",
)  # fmt: skip
@EN_JSON
@click.pass_context
def alinear(
    contexto: click.Context, *, modulo: str | None, aplicar: bool, si: bool, desde: int | None, en_json: bool
) -> None:
    """Compara registro, seguimiento y topics tras restaurar una copia.

    Dice qué vio el mundo que el registro ya no tiene, y al revés, y el arreglo seguro. Termina con 1 si hay algo que
    arreglar. Puede repetirse, y no hace falta detener nada: un relevo en marcha cede el turno mientras dura.
    """
    if desde is not None and modulo is None:
        raise click.UsageError("Una posición es de un módulo: indique --modulo", contexto)
    if aplicar and not si and (en_json or not sys.stdin.isatty()):
        raise click.UsageError("No hay a quién preguntar: diga --aplicar --si", contexto)
    with sistema_de_ordenes() as sistema:
        config = con_broker_en_marcha(leer())
        vistos = _mirar(sistema, config, modulo, desde)
        hechos, entrada = list[str](), _entrada(vistos, config)
        if not en_json:
            with aunque_nadie_lea():
                _mostrar(vistos)
                if entrada is not None:
                    click.echo(f"\n{entrada}")
        if aplicar and not all(uno.alineado for uno in vistos):
            if not si and not _consiente():
                sys.exit(1)
            hechos = _arreglar(sistema, config, vistos, desde)
            vistos = _mirar(sistema, config, modulo, None)
            if not en_json:
                _mostrar_hecho(vistos)
    alineado = all(uno.alineado for uno in vistos)
    if en_json:
        filas = list(map(_fila, vistos))
        escribir_json({"alineado": alineado, "arreglados": hechos, "entrada": entrada, "modulos": filas})
    elif not alineado and not aplicar:
        click.secho("\nNada se ha cambiado. El arreglo: «alpes mensajes alinear --aplicar»", fg="yellow")
    sys.exit(0 if alineado else 1)


def _consiente() -> bool:
    dicho = click.prompt("\n¿Hacer el arreglo? [s/N]", default="n", show_default=False)
    return str(dicho).strip().lower() in ("s", "si", "sí")


def _mirar(sistema: "Sistema", config: Config, modulo: str | None, desde: int | None) -> "list[Alineacion]":
    from functools import partial

    from gateway.pulsar.alineacion import mirar
    from gateway.pulsar.cliente import conectado
    from gateway.pulsar.lugares import lugares_de

    with conectado(config) as cliente:
        return [
            mirar(aplicacion, config, cliente, partial(lugares_de, sistema, nombre), desde=desde)
            for nombre, aplicacion in sistema.aplicaciones.items()
            if modulo in (None, aplicacion.modulo)
        ]


def _entrada(vistos: "list[Alineacion]", config: Config) -> str | None:
    """What is to be done about what came in since the copy, in words; None when the database was not restored."""
    from gateway.pulsar.reparacion import releer_desde

    if (desde := releer_desde(vistos)) is None:
        return None
    entro = f"lo que entró desde {desde:%F %T} UTC"
    if config.pulsar_admin_url is None:
        return f"sin PULSAR_ADMIN_URL no se vuelve a leer {entro}: lo posterior a la copia se pierde"
    return f"arreglo: los consumidores vuelven a leer {entro} y el broker guarda aún; lo ya contado no se repite"


def _arreglar(sistema: "Sistema", config: Config, vistos: "list[Alineacion]", desde: int | None) -> list[str]:
    from gateway.pulsar.cliente import conectado
    from gateway.pulsar.reparacion import releer, reparar
    from projections.motor.seguimiento import PosicionDisputada

    # First: once all is aligned nothing tells any more that there was a restore.
    fallas, modulos = releer(config, vistos), [uno.modulo for uno in vistos if not uno.alineado]
    try:
        with conectado(config) as cliente:
            for aplicacion in sistema.aplicaciones.values():
                if aplicacion.modulo in modulos:
                    reparar(aplicacion, sistema, config, cliente, desde)
    except PosicionDisputada as error:
        raise FallaLocal("otro proceso tomó el turno del relevo: repita la orden") from error
    if fallas:
        raise FallaLocal(f"Lo demás está alineado, pero no se vuelve a leer lo que entró tras la copia: {fallas}")
    return modulos


def _fila(visto: "Alineacion") -> dict[str, Any]:
    return {
        "modulo": visto.modulo,
        "topic": visto.topic,
        "alineado": visto.alineado,
        "cabeza": visto.cabeza,
        "secuencia": visto.lugares.secuencia,
        "relevo": visto.lugares.relevo,
        "mensajes": visto.vistos.cuantos,
        "final": visto.final,
        "recordada": visto.memoria,
        "comparado_desde": visto.desde,
        "vio_el_mundo": [asdict(uno) for uno in visto.perdidos],
        "sin_contar_en_orden": [visto.ids[uno] for uno in visto.tardios],
        "por_recontar": [visto.ids[uno] for uno in visto.por_recontar],
        "repetidos": visto.vistos.repetidos,
        "adelantados": visto.adelantados,
        "arreglos": _arreglos(visto),
    }


def _arreglos(visto: "Alineacion") -> list[str]:
    """What ``--aplicar`` does, in words."""
    dichos = []
    if visto.lugares.secuencia < visto.debida:
        dichos.append(
            f"la posición {visto.debida} pasa a ser la última usada (era la {visto.lugares.secuencia}): lo nuevo no "
            "reutiliza ninguna que alguien haya visto, ni el broker lo toma por repetido"
        )
    if visto.tardios:
        dichos.append(f"se cuentan ahora, tarde y en su orden, {len(visto.tardios)} eventos que ningún relevo contaría")
    if visto.por_recontar:
        dichos.append(f"el relevo vuelve a la posición {visto.final} y cuenta otra vez {len(visto.por_recontar)}")
    if visto.rehusa and not visto.tardios:
        dichos.append(f"el relevo acepta el final del topic y sigue tras la posición {visto.final}")
    return dichos


def _mostrar(vistos: "list[Alineacion]") -> None:
    for visto in vistos:
        fila = _fila(visto)
        click.secho(f"\n{visto.modulo}: {'alineado' if visto.alineado else 'NO ESTÁ ALINEADO'}", bold=True,
                    fg="green" if visto.alineado else "red")  # fmt: skip
        recuerda = "—" if visto.memoria in (None, -1) else visto.memoria
        click.echo(f"  registro  cabeza {visto.cabeza}, última posición usada {fila['secuencia']}\n"
                   f"  relevo    hasta la {fila['relevo']}\n"
                   f"  topic     {fila['mensajes']} mensajes, sigue tras la {visto.final}; el broker recuerda la "
                   f"{recuerda}; comparado desde la {visto.desde}")  # fmt: skip
        _listar("el mundo vio y el registro no tiene", fila["vio_el_mundo"])
        if any(uno.otro_igual for uno in visto.perdidos):
            click.echo("    otro_igual: el registro tiene otro evento con ese id; quien cuente por id lo tomará por "
                       "repetido")  # fmt: skip
        for clave, que in (("sin_contar_en_orden", "el registro tiene y nadie contaría"),
                           ("por_recontar", "el registro tiene y el topic ha perdido"),
                           ("repetidos", "está más de una vez en el topic")):  # fmt: skip
            _listar(que, [{"evento": uno} for uno in fila[clave]])
        for nombre in visto.adelantados:
            click.echo(f"  {nombre} leyó más allá del registro: si es de unas tablas, rehágalas con «alpes "
                       "proyecciones reconstruir»")  # fmt: skip
        for arreglo in fila["arreglos"]:
            click.echo(f"  arreglo: {arreglo}")


def _listar(que: str, filas: list[dict[str, Any]]) -> None:
    if filas:
        click.echo(f"  {que}: {len(filas)}")
        mostrar_tabla(filas[:MUESTRA], [una for una in COLUMNAS if una in filas[0]])
    if len(filas) > MUESTRA:
        click.echo(f"    … y {len(filas) - MUESTRA} más; --json los dice todos")


def _mostrar_hecho(vistos: "list[Alineacion]") -> None:
    click.echo()
    for visto in vistos:
        estado = "alineado" if visto.alineado else f"SIGUE SIN ALINEAR: {'; '.join(_arreglos(visto))}"
        click.secho(f"{visto.modulo}: {estado}", fg="green" if visto.alineado else "red")
