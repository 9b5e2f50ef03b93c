"""Synthetic commands through the applications, many in one transaction."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from eventsourcing.persistence import IntegrityError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.base.aplicacion import Aplicacion
from domain.base.errores import ErrorDeDominio
from gateway.cli.semilla import Semilla
from gateway.composicion import Sistema
from gateway.eventos.lote import AlmacenQueJunta, juntar

LOTE = 500
"""Commands stored in one transaction."""


def sembrar(sistema: Sistema, cantidad: int, semilla: int) -> Counter[str]:
    """Store ``cantidad`` clients, campaigns and payouts, showing progress; return how many were refused, and why."""
    datos = Semilla(cantidad, semilla)
    columnas = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                TextColumn("{task.fields[ritmo]}"))  # fmt: skip
    # Clients first and payouts last, as they would have come: what refers to something finds it.
    partes: tuple[tuple[str, Aplicacion, Iterable[object]], ...] = (
        ("clientes", sistema.clientes, datos.clientes()),
        ("campañas", sistema.campanias, datos.campanias()),
        ("pagos", sistema.pagos, datos.pagos()),
    )
    rechazados: Counter[str] = Counter()
    with Progress(*columnas, console=Console(stderr=True)) as avance:
        for nombre, aplicacion, ordenes in partes:
            tarea, inicio, hechas = avance.add_task(nombre, total=cantidad, ritmo=""), time.monotonic(), 0
            for lote in _en_lotes(ordenes):
                rechazados += _guardar(aplicacion, lote)
                hechas += len(lote)
                ritmo = f"{hechas / (time.monotonic() - inicio):,.0f}/s"
                avance.update(tarea, completed=hechas, ritmo=ritmo)
    return rechazados


def _guardar(aplicacion: Aplicacion, ordenes: list[object]) -> Counter[str]:
    """Store a batch in one transaction; count refusals. What was sown before goes one by one, and nothing happens."""
    try:
        with juntar() as lote:
            for orden in ordenes:
                aplicacion.ejecutar(orden)
            cast(AlmacenQueJunta, aplicacion.events).guardar(lote)
    except (IntegrityError, ErrorDeDominio):
        return Counter(razon for razon in (_rechazo(aplicacion, orden) for orden in ordenes) if razon)
    return Counter()


def _rechazo(aplicacion: Aplicacion, orden: object) -> str | None:
    try:
        aplicacion.ejecutar(orden)
    except ErrorDeDominio as error:
        return str(error)
    return None


def _en_lotes(ordenes: Iterable[object]) -> Iterator[list[object]]:
    resto = iter(ordenes)
    while lote := list(islice(resto, LOTE)):
        yield lote
