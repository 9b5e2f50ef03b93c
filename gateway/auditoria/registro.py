"""A module's log, event by event, in the order of its positions. Internal streams are passed over in silence."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import cast

from domain.base.aplicacion import Aplicacion
from domain.base.texto import es_identificador
from gateway.auditoria.historia import Contado, abrir, sabido
from gateway.eventos.fabrica import Tienda
from gateway.eventos.lectura import Fila
from gateway.eventos.mapper import EventoIlegible
from gateway.eventos.recorder import Recorder

LOTE, LOTE_CORTO = 2000, 500
PACIENCIA = 30.0
"""Seconds without progress after which a writer that holds a position open is no longer waited for."""


class RegistroDetenido(RuntimeError):
    """A transaction that is still under way holds a position that the reader may not pass."""


def pagina(tienda: Tienda, aplicacion: Aplicacion, desde: int, limite: int) -> tuple[list[Contado], int]:
    """At most ``limite`` events after position ``desde``, and the position up to which everything was looked at.

    That position is a cursor for ever: it passes internal streams, and never a gap that may still be filled. A page
    ends before an event that can't be read; raises EventoIlegible when that would be its first.
    """
    recorder = cast(Recorder, aplicacion.recorder)
    filas: list[Fila] = []
    cuantas = limite
    while len(filas) < limite and (lote := recorder.leer(desde, cuantas)):
        for fila in lote:
            desde = fila.posicion
            if es_identificador(fila.originator_id):
                filas.append(fila)
                if len(filas) == limite:
                    break
        # Internal events come in long rows: a small page must not ask for each of them.
        cuantas = max(limite, LOTE_CORTO)
    while True:
        try:
            return abrir(tienda, filas), desde
        except EventoIlegible as error:
            filas = [una for una in filas if una.posicion < error.posicion]
            if not filas:
                raise
            desde = filas[-1].posicion


def recorrer(
    tienda: Tienda, aplicacion: Aplicacion, desde: int, hasta: int, avance: Callable[[int], None]
) -> Iterator[Contado]:
    """The events after position ``desde``, up to ``hasta``, which stands in the log; a batch at a time in memory.

    ``avance`` is told each position that was reached. Raises RegistroDetenido when a writer keeps a gap open.
    """
    recorder = cast(Recorder, aplicacion.recorder)
    visto = time.monotonic()
    while desde < hasta:
        lote = recorder.leer(desde, LOTE)
        if not lote and time.monotonic() - visto > PACIENCIA:
            raise RegistroDetenido(
                f"Una transacción en curso retiene el registro de {aplicacion.modulo} tras la posición {desde}"
            )
        if lote:
            desde, visto = lote[-1].posicion, time.monotonic()
            yield from abrir(
                tienda, [una for una in lote if una.posicion <= hasta and es_identificador(una.originator_id)]
            )
            avance(min(desde, hasta))


def ultima_sabida(tienda: Tienda, aplicacion: Aplicacion, instante: datetime) -> int:
    """The position of the last event that had been recorded by an instant, 0 when there was none.

    Times of recording rise with positions but for the moments that machines' clocks differ by.
    """
    recorder = cast(Recorder, aplicacion.recorder)
    bajo, alto = 0, recorder.max_notification_id() or 0
    while bajo < alto:
        medio = (bajo + alto) // 2
        # Nothing, where a writer is still at work: what comes then is recorded after what is asked for.
        sabidos = [una for una in abrir(tienda, recorder.leer(medio, 1)) if sabido(una.evento, instante)]
        if sabidos:
            bajo = sabidos[0].posicion
        else:
            alto = medio
    return bajo
