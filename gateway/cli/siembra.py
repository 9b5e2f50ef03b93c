"""Synthetic commands through the applications, many in one transaction, in two processes when they are many."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple, cast

from eventsourcing.persistence import IntegrityError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from domain.base.aplicacion import Aplicacion
from domain.base.errores import ErrorDeDominio
from domain.campanias.comandos import CrearCampania
from domain.campanias.espera import Espera
from gateway.cli.semilla import Semilla
from gateway.composicion import Sistema, construir
from gateway.config import Config
from gateway.eventos.lote import AlmacenQueJunta, juntar
from gateway.local.errores import FallaLocal
from projections.motor.trabajador import preparar_proceso

LOTE = 1000
"""Commands stored in one transaction."""
POCAS = 3000
"""Clients, campaigns and payouts up to which a second process would take longer to start than it saves."""


@dataclass
class Cosecha:
    """What was sown: ``eventos`` is how many were stored, ``rechazados`` counts the commands refused, by reason."""

    eventos: int = 0
    rechazados: Counter[str] = field(default_factory=Counter)

    def sumar(self, otra: "Cosecha") -> None:
        self.eventos += otra.eventos
        self.rechazados += otra.rechazados


class Parte(NamedTuple):
    """The commands of one application."""

    nombre: str
    aplicacion: str
    ordenes: Callable[[Semilla], Iterable[object]]


# Clients first and payouts last, as they would have come: what refers to something finds it.
CLIENTES, CAMPANIAS, PAGOS = PARTES = (
    Parte("clientes", "clientes", Semilla.clientes),
    Parte("campañas", "campanias", Semilla.campanias),
    Parte("pagos", "pagos", Semilla.pagos),
)
Aviso = Callable[[str, int, float, Cosecha], None]
"""Told the part, how many of its commands are done, how many a second, and what the last batch gave."""


def sembrar(sistema: Sistema, config: Config, cantidad: int, semilla: int, *, pocas: int = POCAS) -> Cosecha:
    """Store ``cantidad`` clients, campaigns and payouts, showing progress; return what came of it.

    ``config`` is what ``sistema`` was built from. Up to ``pocas`` of each, one process does it all.
    Raises what a command raises but for refusals.
    """
    preparar_proceso()
    cosecha, datos = Cosecha(), Semilla(cantidad, semilla)
    with _avance(cantidad, cosecha) as avisar:
        # A closed house pays only those who are its clients by then.
        if cantidad <= pocas or config.partners_modo == "cerrado":
            _sembrar(sistema, PARTES, datos, avisar)
        else:
            with _Ayudante(config, cantidad, semilla) as ayudante:

                def avisar_de_ambos(nombre: str, hechas: int, ritmo: float, nueva: Cosecha) -> None:
                    avisar(nombre, hechas, ritmo, nueva)
                    ayudante.contar(avisar)

                _sembrar(sistema, (PAGOS,), datos, avisar_de_ambos)
                ayudante.contar(avisar, hasta_el_final=True)
    return cosecha


def _sembrar(sistema: Sistema, partes: Iterable[Parte], datos: Semilla, avisar: Aviso) -> None:
    for parte in partes:
        hechas, inicio, ordenes = 0, time.monotonic(), iter(parte.ordenes(datos))
        while lote := list(islice(ordenes, LOTE)):
            nueva = _guardar(sistema.aplicaciones[parte.aplicacion], lote)
            hechas += len(lote)
            avisar(parte.nombre, hechas, hechas / (time.monotonic() - inicio), nueva)


def _guardar(aplicacion: Aplicacion, ordenes: list[object]) -> Cosecha:
    """Store a batch in one transaction; count refusals. What was sown before goes one by one, and nothing happens."""
    almacen = cast(AlmacenQueJunta, aplicacion.events)
    try:
        with juntar() as lote:
            almacen.anticipar(
                lote, [Espera.id_de(una.campania_id) for una in ordenes if isinstance(una, CrearCampania)]
            )
            for orden in ordenes:
                aplicacion.ejecutar(orden)
            almacen.guardar(lote)
    except (IntegrityError, ErrorDeDominio):
        razones = [_rechazo(aplicacion, orden) for orden in ordenes]
        return Cosecha(rechazados=Counter(razon for razon in razones if razon))
    return Cosecha(len(lote.eventos))


def _rechazo(aplicacion: Aplicacion, orden: object) -> str | None:
    try:
        aplicacion.ejecutar(orden)
    except ErrorDeDominio as error:
        return str(error)
    return None


@contextmanager
def _avance(cantidad: int, cosecha: Cosecha) -> Iterator[Aviso]:
    """A bar for each part; adds to ``cosecha`` what each batch gave."""
    columnas = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                TextColumn("{task.fields[ritmo]}"))  # fmt: skip
    with Progress(*columnas, console=Console(stderr=True)) as barras:
        tareas = {parte.nombre: barras.add_task(parte.nombre, total=cantidad, ritmo="") for parte in PARTES}

        def avisar(nombre: str, hechas: int, ritmo: float, nueva: Cosecha) -> None:
            cosecha.sumar(nueva)
            barras.update(tareas[nombre], completed=hechas, ritmo=f"{ritmo:,.0f}/s")

        yield avisar


class _Ayudante:
    """A process that sows clients and campaigns meanwhile. Use it as a context manager: it ends with this one."""

    def __init__(self, config: Config, cantidad: int, semilla: int) -> None:
        contexto = get_context("spawn")
        self._noticias, cuenta = contexto.Pipe(duplex=False)
        self._proceso = contexto.Process(target=_ayudar, args=(config, cantidad, semilla, cuenta), daemon=True)
        self._proceso.start()
        # The other process has the only end that writes: it closes with it.
        cuenta.close()
        self._acabo = False

    def contar(self, avisar: Aviso, *, hasta_el_final: bool = False) -> None:
        """Pass on what it has told so far, or all that it will. Raises what it failed with, FallaLocal if it died."""
        while not self._acabo and (hasta_el_final or self._noticias.poll()):
            try:
                hecho = self._noticias.recv()
            except EOFError:
                raise FallaLocal("Se interrumpió el proceso que sembraba clientes y campañas") from None
            if isinstance(hecho, Exception):
                raise hecho
            if hecho is None:
                self._acabo = True
            else:
                avisar(*hecho)

    def __enter__(self) -> "_Ayudante":
        return self

    def __exit__(self, *_: object) -> None:
        self._proceso.terminate()
        self._proceso.join()


def _ayudar(config: Config, cantidad: int, semilla: int, cuenta: Connection) -> None:
    # The terminal's Ctrl-C is for the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    preparar_proceso()
    try:
        with construir(config, conexiones=2) as sistema:
            _sembrar(sistema, (CLIENTES, CAMPANIAS), Semilla(cantidad, semilla), lambda *hecho: cuenta.send(hecho))
        cuenta.send(None)
    except BrokenPipeError:
        return
    except Exception as error:
        cuenta.send(error)
