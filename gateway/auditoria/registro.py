"""A module's log, event by event, in the order of its positions. Internal streams are passed over in silence."""

import time
from collections.abc import Callable, Iterator, Sequence
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
    contados, ilegible = abrir_hasta(tienda, filas)
    if ilegible is None:
        return contados, desde
    if not contados:
        raise ilegible
    return contados, contados[-1].posicion


def abrir_hasta(tienda: Tienda, filas: Sequence[Fila]) -> tuple[list[Contado], EventoIlegible | None]:
    """Stored events, decoded, before the first that can't be read, and what is to be said of that one."""
    ilegible = None
    while True:
        try:
            return abrir(tienda, filas), ilegible
        except EventoIlegible as error:
            ilegible = error
            filas = [una for una in filas if una.posicion < error.posicion]


def recorrer(
    tienda: Tienda, aplicacion: Aplicacion, desde: int, hasta: int, avance: Callable[[int], None]
) -> Iterator[Contado]:
    """The events after position ``desde``, up to ``hasta``, which stands in the log; a batch at a time in memory.

    ``avance`` is told each position that was reached. Raises RegistroDetenido when a writer keeps a gap open, and
    EventoIlegible after all that stands before it.
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
            contados, ilegible = abrir_hasta(
                tienda, [una for una in lote if una.posicion <= hasta and es_identificador(una.originator_id)]
            )
            yield from contados
            if ilegible is not None:
                raise ilegible
            avance(min(desde, hasta))


def de_un_stream(tienda: Tienda, aplicacion: Aplicacion, stream: str, desde: int, hasta: int) -> Iterator[Contado]:
    """As ``recorrer``, of one stream."""
    recorder = cast(Recorder, aplicacion.recorder)
    contados, ilegible = abrir_hasta(tienda, recorder.de_streams([stream], desde, hasta))
    yield from contados
    if ilegible is not None:
        raise ilegible


def ultima_sabida(tienda: Tienda, aplicacion: Aplicacion, instante: datetime) -> int:
    """The position of the last event that had been recorded by an instant, 0 when there was none.

    Times of recording rise with positions but for the moments that machines' clocks differ by. An event that can't
    be read counts as recorded with the one before it.
    """
    recorder = cast(Recorder, aplicacion.recorder)
    bajo, alto = 0, recorder.max_notification_id() or 0
    while bajo < alto:
        medio = (bajo + alto) // 2
        # Nothing, where a writer is still at work: what comes then is recorded after what is asked for.
        _, legible = _legible_tras(tienda, recorder, medio)
        if legible is not None and sabido(legible.evento, instante):
            bajo = legible.posicion
        else:
            alto = medio
    return _legible_tras(tienda, recorder, bajo)[0]


def _legible_tras(tienda: Tienda, recorder: Recorder, posicion: int) -> tuple[int, Contado | None]:
    """The first event after a position that can be read, None at the end; and the last position before it."""
    cuantas = 1
    while lote := recorder.leer(posicion, cuantas):
        for fila in lote:
            contados, _ = abrir_hasta(tienda, [fila])
            if contados:
                return posicion, contados[0]
            posicion = fila.posicion
        cuantas = LOTE_CORTO
    return posicion, None
