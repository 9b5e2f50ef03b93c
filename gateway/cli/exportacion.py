"""``auditoria exportar``: the log as a file that other programs read."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time as hora
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from gateway.cli.espanol import Comando
from gateway.cli.opciones import EN_JSON, MODULO, Limite, NumeroOInstante, exigir_modulo
from gateway.cli.salida import escribir_json
from gateway.cli.sistema import sistema_de_ordenes
from gateway.local.errores import FallaLocal

if TYPE_CHECKING:
    from gateway.auditoria.exportacion import Tramo
    from gateway.auditoria.historia import Contado
    from gateway.composicion import Sistema


@click.command("exportar", cls=Comando)
@click.option("--stream", metavar="ID", help="Solo los eventos de este id.")
@MODULO
@click.option("--desde", type=NumeroOInstante(hora.min), help="Posición o instante de registro, inclusive.")
@click.option("--hasta", type=NumeroOInstante(), help="Posición o instante de registro, inclusive.")
@click.option("--formato", type=click.Choice(("jsonl", "csv")), default="jsonl", show_default=True, help="jsonl o csv.")
@click.option("--salida", metavar="ARCHIVO", type=click.Path(dir_okay=False, path_type=Path), help="Dónde escribir.")
@click.option("--con-datos-personales", is_flag=True, help="Incluye los datos de las personas. Queda anotado.")
@EN_JSON
@click.pass_context
def exportar(
    contexto: click.Context,
    *,
    stream: str | None,
    modulo: str | None,
    desde: Limite | None,
    hasta: Limite | None,
    formato: str,
    salida: Path | None,
    con_datos_personales: bool,
    en_json: bool,
) -> None:
    """Escribe los eventos en el orden del registro.

    Con sus posiciones, y sin datos personales si no se piden. Va módulo tras módulo, pues entre ellos no hay un
    orden; por eso una posición pide también --modulo. Los datos van a la salida o a ARCHIVO, el avance y el resumen
    a la salida de errores; con ARCHIVO y --json, el resumen es JSON.
    """
    exigir_modulo(contexto, modulo, desde, hasta)
    if en_json and salida is None:
        raise click.UsageError("--json pide --salida", contexto)
    with sistema_de_ordenes() as sistema:
        tramo = _tramo(sistema, stream, modulo, desde, hasta)
        if con_datos_personales:
            _anotar(sistema, tramo, formato)
        inicio = time.monotonic()
        cuantos = _escribir(sistema, tramo, formato, salida, con_datos_personales)
        segundos = time.monotonic() - inicio
    if en_json:
        escribir_json({"eventos": cuantos, "segundos": round(segundos, 3), "archivo": str(salida), **tramo.alcance})
    else:
        click.echo(
            f"{cuantos} eventos en {segundos:.1f} s ({cuantos / max(segundos, 1e-9):,.0f} por segundo)", err=True
        )


def _tramo(
    sistema: "Sistema", stream: str | None, modulo: str | None, desde: Limite | None, hasta: Limite | None
) -> "Tramo":
    from gateway.auditoria.exportacion import Tramo
    from gateway.auditoria.historia import duenias

    aplicaciones = [una for una in sistema.aplicaciones.values() if modulo in (None, una.modulo)]
    if stream is not None:
        aplicaciones = duenias(aplicaciones, stream)
        if not aplicaciones:
            raise FallaLocal(f"No hay historia de «{stream}»")
    return Tramo(aplicaciones, stream, desde, hasta)


def _anotar(sistema: "Sistema", tramo: "Tramo", formato: str) -> None:
    from gateway.auditoria.accesos import anotar
    from gateway.cli.quien import quien

    anotar(sistema.motor, quien(), "exportar", {**tramo.alcance, "formato": formato})


def _escribir(sistema: "Sistema", tramo: "Tramo", formato: str, salida: Path | None, con_personales: bool) -> int:
    from gateway.auditoria.exportacion import exportar
    from gateway.auditoria.registro import RegistroDetenido
    from gateway.cli.avance import barra

    try:
        with _destino(salida, privado=con_personales) as archivo, barra(tramo) as avance:
            elegidos = _elegidos(sistema, tramo, avance)
            return exportar(elegidos, formato, archivo, con_personales=con_personales)
    except RegistroDetenido as error:
        raise FallaLocal(f"La exportación quedó incompleta: {error}") from error
    except OSError as error:
        if salida is None:
            raise
        raise FallaLocal(f"La exportación quedó incompleta: no se puede escribir {salida}: {error.strerror}") from error


def _elegidos(
    sistema: "Sistema", tramo: "Tramo", avance: Callable[[str, int], None]
) -> "Iterator[tuple[str, Contado]]":
    """The events of a range. Raises FallaLocal at one that can't be read: how to have what is before it, and after."""
    from gateway.auditoria.exportacion import elegir
    from gateway.eventos.mapper import EventoIlegible

    for aplicacion in tramo.aplicaciones:
        try:
            yield from elegir(sistema.tienda, replace(tramo, aplicaciones=(aplicacion,)), avance)
        except EventoIlegible as error:
            raise FallaLocal(
                f"La exportación quedó incompleta: {error}. Con --modulo {aplicacion.modulo}, lo de antes sale"
                f" con --hasta {error.posicion - 1}, y lo que le sigue con --desde {error.posicion + 1}"
            ) from error


@contextmanager
def _destino(salida: Path | None, *, privado: bool) -> Iterator[BinaryIO]:
    """Standard output, a file that appears only when it is complete, or a pipe or device, which stays what it is."""
    if salida is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if salida.exists() and not salida.is_file():
        with open(_abrir(salida, os.O_WRONLY, privado), "wb") as archivo:
            yield archivo
        return
    # A link stays one, too.
    salida = salida.resolve()
    parcial = salida.with_name(f"{salida.name}.parcial")
    descriptor = _abrir(parcial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, privado)
    try:
        with open(descriptor, "wb") as archivo:
            yield archivo
        parcial.replace(salida)
    except BaseException:
        parcial.unlink(missing_ok=True)
        raise


def _abrir(archivo: Path, modo: int, privado: bool) -> int:
    try:
        if modo & os.O_EXCL:
            # What a killed one left may be open to others.
            archivo.unlink(missing_ok=True)
        return os.open(archivo, modo, 0o600 if privado else 0o644)
    except OSError as error:
        raise FallaLocal(f"No se puede escribir {archivo}: {error.strerror}") from error
