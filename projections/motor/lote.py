"""One batch of a log folded into rows in memory."""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from typing import Any

from domain.base.agregado import Evento
from projections.motor.aparcados import Fallo, describir
from projections.motor.escritura import traer
from projections.motor.log import FilaDelLog, Log
from projections.motor.proyeccion import Cambios, Conmutador

Hecho = tuple[FilaDelLog, Evento | Exception]
"""A stored event and what it decodes to, or why it doesn't."""


def abrir(log: Log, filas: Sequence[FilaDelLog], de_paso: tuple[type[Exception], ...]) -> list[Hecho]:
    """Decode a batch; an event that can't be is told apart from the others.

    Errors of the kinds ``de_paso`` (a lost connection…) say nothing about an event and are raised.
    """
    try:
        return list(zip(filas, log.abrir(filas), strict=True))
    except de_paso:
        raise
    except Exception:
        return [(fila, _abrir_uno(log, fila, de_paso)) for fila in filas]


def doblar(
    cursor: Any, conmutador: Conmutador[Any], hechos: Sequence[Hecho], aparcados: Collection[str]
) -> tuple[Cambios[Any], dict[str, Fallo]]:
    """Fetch the rows that the events touch and fold the events into them, streams in ``aparcados`` left out.

    Oblivion is not: whoever is forgotten is so, though her stream is parked or fails.
    Also returns the streams that fail, whose rows hold what came before the failure.
    """
    olvidos = conmutador.olvidos
    streams = {
        hecho[0].originator_id for hecho in hechos if hecho[0].originator_id not in aparcados or _tipo(hecho) in olvidos
    }
    guardadas = {} if conmutador.solo_crece else traer(cursor, conmutador.tabla, streams)
    fallos: dict[str, Fallo] = {}
    while True:
        cambios = Cambios(conmutador.tabla, guardadas, {clave: copy(fila) for clave, fila in guardadas.items()})
        nuevos = _pasar(conmutador, hechos, cambios, aparcados, fallos)
        if not nuevos:
            return cambios, fallos
        # A function that failed may have left its row half changed: fold again, up to the failures only.
        fallos |= nuevos


def _pasar(
    conmutador: Conmutador[Any],
    hechos: Sequence[Hecho],
    cambios: Cambios[Any],
    aparcados: Collection[str],
    conocidos: Mapping[str, Fallo],
) -> dict[str, Fallo]:
    fallos: dict[str, Fallo] = {}
    aplicar, filas, lineas = conmutador.aplicar, cambios.ahora, cambios.lineas
    for fila, evento in hechos:
        stream = fila.originator_id
        if stream in fallos:
            continue
        if stream in aparcados or (stream in conocidos and fila.posicion >= conocidos[stream].posicion):
            conmutador.olvidar(filas, stream, _tipo((fila, evento)))
            continue
        try:
            if isinstance(evento, Exception):
                raise evento
            linea = aplicar(filas, evento, fila.posicion)
        except Exception as error:
            fallos[stream] = Fallo(fila.posicion, describir(error))
            continue
        if linea is not None:
            lineas.append(linea)
    return fallos


def _tipo(hecho: Hecho) -> str:
    """The event's name: the newest where it can be read, else the one that was stored."""
    fila, evento = hecho
    return evento.TOPIC if isinstance(evento, Evento) else fila.topic


def _abrir_uno(log: Log, fila: FilaDelLog, de_paso: tuple[type[Exception], ...]) -> Evento | Exception:
    try:
        return log.abrir([fila])[0]
    except de_paso:
        raise
    except Exception as error:
        return error
