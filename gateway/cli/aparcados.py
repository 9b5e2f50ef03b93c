"""``proyecciones aparcados``: the streams that a reader of the logs stopped at, and what to do about them."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from gateway.cli.espanol import Comando, Grupo
from gateway.cli.opciones import EN_JSON
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.cli.tablas import mostrar_tabla
from gateway.cli.taller import explicado
from gateway.local.errores import FallaLocal

if TYPE_CHECKING:
    from gateway.composicion import Sistema
    from projections.motor.aparcados import Aparcado

COLUMNAS = ("nombre", "generacion", "modulo", "stream", "posicion", "eventos", "desde", "error")


@click.group("aparcados", cls=Grupo)
def aparcados() -> None:
    """Los streams en los que un lector se detuvo.

    El lector es una proyección o una reacción. Los demás siguen. Desde el evento que falla, los de ese stream esperan
    aquí.
    """


@aparcados.command("listar", cls=Comando)
@click.argument("nombre", required=False)
@EN_JSON
def listar(nombre: str | None, en_json: bool) -> None:
    """Lista lo aparcado, todo o lo de NOMBRE.

    NOMBRE es una proyección o una reacción."""
    with sistema_de_ordenes() as sistema:
        filas = [_fila(sistema, uno) for uno in _buscar(sistema, nombre, None)]
    if en_json:
        escribir_json({"aparcados": filas})
    elif filas:
        mostrar_tabla(filas, COLUMNAS)
        click.echo("\nel porqué: «alpes proyecciones aparcados explicar NOMBRE STREAM»")
    else:
        click.echo("nada aparcado")


@aparcados.command("reintentar", cls=Comando)
@click.argument("nombre", required=False)
@click.option("--stream", metavar="STREAM", help="Solo este stream.")
@EN_JSON
def reintentar(nombre: str | None, stream: str | None, en_json: bool) -> None:
    """Retoma en orden lo aparcado.

    Con el trabajador en marcha o sin él. Sin NOMBRE, todo. Lo que las reacciones aparcan también se reintenta solo,
    cada 30 s, mientras hay un trabajador. Termina con 1 si algo sigue aparcado.
    """
    with sistema_de_ordenes() as sistema, explicado():
        pedidos = _buscar(sistema, nombre, stream)
        siguen = _retomar(sistema, pedidos)
        filas = [_fila(sistema, uno) for uno in siguen]
    if en_json:
        escribir_json({"reintentados": len(pedidos), "sueltos": len(pedidos) - len(filas), "aparcados": filas})
    else:
        click.echo(f"{len(pedidos) - len(filas)} de {len(pedidos)} al día")
        mostrar_tabla(filas, COLUMNAS)
    sys.exit(1 if filas else 0)


@aparcados.command("explicar", cls=Comando)
@click.argument("nombre")
@click.argument("stream")
@EN_JSON
def explicar(nombre: str, stream: str, en_json: bool) -> None:
    """Muestra por qué se detuvo un stream.

    El evento, el error, y lo que espera detrás. Nunca muestra datos personales.
    """
    with sistema_de_ordenes() as sistema:
        hallados = _buscar(sistema, nombre, stream)
        if not hallados:
            raise FallaLocal(f"«{nombre}» no tiene aparcado «{stream}»: vea «alpes proyecciones aparcados listar»")
        explicados = [_explicacion(sistema, uno) for uno in hallados]
    if en_json:
        escribir_json({"aparcados": explicados})
        return
    for uno in explicados:
        _contar(uno)


def _buscar(sistema: "Sistema", nombre: str | None, stream: str | None) -> "list[Aparcado]":
    from domain.politicas import POLITICAS
    from projections.motor.aparcados import listar as listar_aparcados
    from projections.registro import PROYECCIONES

    nombres = [una.nombre for una in PROYECCIONES] + [una.NOMBRE for una in POLITICAS]
    if nombre is not None and nombre not in nombres:
        raise click.UsageError(f"No existe «{nombre}»: es una de {', '.join(nombres)}")
    with sistema.motor.connect() as conexion:
        return listar_aparcados(conexion, nombre, stream)


def _retomar(sistema: "Sistema", pedidos: "Sequence[Aparcado]") -> "list[Aparcado]":
    """Take up all of them; those that stop again."""
    from gateway.eventos.log import logs_de
    from gateway.eventos.reacciones import Reacciones
    from projections.motor.reconstruccion import SinCodigo
    from projections.motor.reintento import reintentar as reintentar_stream
    from projections.registro import CODIGO

    logs, siguen = logs_de(sistema.aplicaciones), []
    for uno in pedidos:
        if not uno.de_reaccion:
            try:
                sigue = reintentar_stream(uno, CODIGO, logs, sistema.motor)
            except SinCodigo as error:
                click.echo(f"{error}: este programa no tiene su código; reintente con la versión que la hizo", err=True)
                sigue = uno
            siguen += [] if sigue is None else [sigue]
    de_reacciones = [uno for uno in pedidos if uno.de_reaccion]
    for origen in {uno.aplicacion for uno in de_reacciones}:
        flujos = {uno.stream for uno in de_reacciones if uno.aplicacion == origen}
        aplicaciones = sistema.aplicaciones
        Reacciones(aplicaciones[origen], aplicaciones, sistema.reloj, sistema.motor).reintentar(flujos)
    for uno in de_reacciones:
        siguen += [otro for otro in _buscar(sistema, uno.proyeccion, uno.stream) if otro.aplicacion == uno.aplicacion]
    return siguen


def _fila(sistema: "Sistema", aparcado: "Aparcado") -> dict[str, Any]:
    fila = asdict(aparcado)
    return {
        "nombre": fila.pop("proyeccion"),
        "tipo": "reacción" if aparcado.de_reaccion else "proyección",
        "modulo": sistema.aplicaciones[fila.pop("aplicacion")].modulo,
        "desde": fila.pop("aparcado_en").isoformat(timespec="seconds"),
        **fila,
        "generacion": None if aparcado.de_reaccion else aparcado.generacion,
    }


def _explicacion(sistema: "Sistema", aparcado: "Aparcado") -> dict[str, Any]:
    from gateway.eventos.log import LogDeAplicacion

    log = LogDeAplicacion(sistema.aplicaciones[aparcado.aplicacion])
    filas = log.de_streams([aparcado.stream], aparcado.posicion - 1, log.cabeza())
    hechos = [{"posicion": una.posicion, "version": una.version, "tipo": una.topic} for una in filas]
    evento = {**hechos[0], **_leer(log, filas[0])} if filas else None
    return {**_fila(sistema, aparcado), "evento": evento, "esperan": hechos[1:]}


def _leer(log: Any, fila: Any) -> dict[str, Any]:
    """What the event says that anybody may read, or why it can't be read."""
    from projections.event_store.carga import carga
    from projections.motor.aparcados import describir

    try:
        (evento,) = log.abrir([fila])
    except Exception as error:  # an unreadable event is just what is to be explained
        return {"ilegible": describir(error)}
    return {
        "registrado": evento.timestamp.isoformat(timespec="seconds"),
        "actor": evento.actor,
        "correlation_id": evento.correlation_id,
        "causation_id": evento.causation_id,
        "datos": carga(evento),
    }


def _contar(uno: dict[str, Any]) -> None:
    evento = uno["evento"] or {}
    click.secho(f"{uno['tipo']} {uno['nombre']}: {uno['stream']} ({uno['modulo']})", bold=True)
    click.echo(f"  aparcado desde  {uno['desde']}")
    click.echo(f"  error           {uno['error']}")
    for nombre, valor in evento.items():
        if nombre != "datos" and valor != "":
            click.echo(f"  {nombre:<15} {valor}")
    for nombre, valor in evento.get("datos", {}).items():
        click.echo(f"    {nombre} = {valor}")
    click.echo(f"  esperan detrás  {len(uno['esperan'])}")
    for espera in uno["esperan"]:
        click.echo(f"    {espera['posicion']}  versión {espera['version']}  {espera['tipo']}")
    if uno["tipo"] == "reacción":
        click.echo("  se reintenta solo cada 30 s mientras hay un trabajador")
    else:
        click.echo("  corregida la causa: «alpes proyecciones aparcados reintentar "
                   f"{uno['nombre']} --stream {uno['stream']}»")  # fmt: skip
