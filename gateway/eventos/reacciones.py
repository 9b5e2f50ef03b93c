"""The log feed of ``domain/politicas``: follows a log, and carries out what follows from each event, once.

A reaction's position is stored in the transaction of its effects, so that whoever tells it a fact again (a restart, a
second worker, another feed) finds it counted. What fails for good parks its stream for that reaction; others go on.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import compress, takewhile
from time import monotonic

from eventsourcing.persistence import PersistenceError
from sqlalchemy import Engine

from domain.base.agregado import Evento
from domain.base.aplicacion import Aplicacion
from domain.politicas import POLITICAS, Politica
from gateway.eventos.aparcados import Aparcados
from gateway.eventos.avisos import SONDEO
from gateway.eventos.identidad import evento_de, id_de_evento
from gateway.eventos.lectura import Fila
from gateway.eventos.log import LogDeAplicacion
from gateway.eventos.reaccion import Encargo, Hecho, Pensado, Reaccion

LOTE = 1000
"""Events read at a time."""
COSECHA, POR_EVENTO, COSECHA_MAXIMA = 0.02, 0.00025, 0.2
"""Seconds in which a busy log's next events gather, so that they share a transaction: at least, for each event that
was read, and at most."""
REINTENTO = 30.0
"""Seconds between two tries at what is parked."""


class Reacciones:
    """Every reaction that follows one log: it is read once and decoded once for all of them."""

    def __init__(
        self,
        origen: Aplicacion,
        destinos: Mapping[str, Aplicacion],
        reloj: Callable[[], datetime],
        motor: Engine,
        politicas: Sequence[Politica] = POLITICAS,
        *,
        reintento: float = REINTENTO,
        proceso: str = "trabajador",
    ) -> None:
        """``destinos`` holds the applications by name; ``motor`` reaches the table of what is parked.

        ``reintento``: seconds between two tries at what is parked. ``proceso``: whose lines in the log they are.
        """
        self._origen, self._destinos, self._reloj, self._motor = origen.name, destinos, reloj, motor
        self._politicas = [politica for politica in politicas if origen.name == politica.ORIGEN]
        self._eventos = tuple(clase for politica in self._politicas for clase in politica.EVENTOS)
        self._log = LogDeAplicacion(origen)
        self._reacciones: list[Reaccion] = []
        self._proceso = proceso
        self._reintento, self._reintentado_en = reintento, monotonic() - reintento

    def paso(self) -> float:
        """React to the next events, or wait for some; return the seconds to pause before the next step.

        Raises PersistenceError or DBAPIError when the database can't be reached, EscrituraDisputada when others
        keep winning.
        """
        hechos = self._hechos(self._log.leer(self.posicion, LOTE))
        self.contar(hechos)
        self.reintentar_a_su_hora()
        if not hechos:
            self._log.esperar_novedad(SONDEO)
        if not 0 < len(hechos) < LOTE:
            return 0.0
        return min(max(COSECHA, len(hechos) * POR_EVENTO), COSECHA_MAXIMA)

    @property
    def posicion(self) -> int:
        """Everything up to it was looked at by every reaction. Raises as ``paso`` does."""
        self._abrir_todas()
        return min(reaccion.posicion for reaccion in self._reacciones)

    def contar(self, hechos: Sequence[Hecho]) -> None:
        """React to facts in log order, whoever brings them. Raises as ``paso`` does."""
        self._abrir_todas()
        for tramo in self._tramos(hechos):
            for numero, reaccion in enumerate(self._reacciones):
                reaccion.contar([(hecho, pensados[numero]) for hecho, pensados in tramo])

    def alcanzar(self, hasta: int) -> None:
        """React to what the log holds up to position ``hasta``, which is in it. Raises as ``paso`` does."""
        while (desde := self.posicion) < hasta:
            filas = self._log.leer(desde, LOTE)
            self.contar(self._hechos([una for una in filas if una.posicion <= hasta]))
            if filas and filas[-1].posicion > hasta:
                return
            if not filas:
                # A gap before it, which some writer may seem to fill still: the store ends idle ones.
                self._log.esperar_novedad(SONDEO)

    def pasar_callados(self, callados: Collection[str]) -> None:
        """Pass the next events while their names are among ``callados``, of which nobody will bring word."""
        filas = self._log.leer(self.posicion, LOTE)
        self.contar(self._hechos(list(takewhile(lambda fila: fila.topic in callados, filas))))

    def nuestros(self, dichos: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
        """Those of some positions and names of events that the log holds. Raises as ``paso`` does."""
        if not dichos:
            return set()
        flujos = {partes[1] for _, nombre in dichos if (partes := evento_de(nombre))}
        filas = self._log.de_streams(flujos, min(dichos)[0] - 1, max(dichos)[0])
        return {(una.posicion, id_de_evento(self._origen, una.originator_id, una.version)) for una in filas}

    def reintentar_a_su_hora(self) -> None:
        """Take up what is parked, if that was long ago."""
        if monotonic() - self._reintentado_en >= self._reintento:
            self.reintentar()

    def cerrar(self) -> None:
        """Store how far each reaction has come."""
        for reaccion in self._reacciones:
            reaccion.asentar()

    def reintentar(self, flujos: Collection[str] | None = None) -> None:
        """Take up what is parked, or those of these streams that are. What fails again stays parked.

        May be done beside a worker that does the same: an order of the domain that is told twice does nothing.
        Raises PersistenceError or DBAPIError when the database can't be reached.
        """
        self._abrir_todas()
        for reaccion in self._reacciones:
            for flujo, posicion in reaccion.aparcado().items():
                if flujos is not None and flujo not in flujos:
                    continue
                reaccion.reintentar(flujo, partial(self._desde_que_paro, flujo, posicion))
        self._reintentado_en = monotonic()

    def _tramos(self, hechos: Sequence[Hecho]) -> Iterator[list[tuple[Hecho, list[Pensado]]]]:
        """The facts with what follows from each, by reaction: in stretches, the last maybe empty.

        In none of them an aggregate hears from two reactions.
        So each aggregate hears of them in the order of the log, however many were read at once: a confirmation that
        came after a reversal would else be told before it, and save a campaign that was cancelled.
        """
        tramo: list[tuple[Hecho, list[Pensado]]] = []
        quien: dict[tuple[str, str], int] = {}
        for hecho in hechos:
            pensados = [reaccion.pensar(hecho) for reaccion in self._reacciones]
            dichos = [(uno.de_que, numero) for numero, uno in enumerate(pensados) if isinstance(uno, Encargo)]
            if any(quien.get(de_que, numero) != numero for de_que, numero in dichos):
                yield tramo
                tramo, quien = [], {}
            quien.update(dichos)
            tramo.append((hecho, pensados))
        yield tramo

    def _abrir_todas(self) -> None:
        if not self._reacciones:
            self._reacciones = [self._abrir(politica) for politica in self._politicas]

    def _abrir(self, politica: Politica) -> Reaccion:
        aparcados = Aparcados(self._motor, politica.NOMBRE, politica.ORIGEN)
        return Reaccion(politica, self._destinos[politica.DESTINO], self._reloj, aparcados, self._proceso)

    def _desde_que_paro(self, flujo: str, posicion: int) -> list[Hecho]:
        (parado,) = self._log.leer(posicion - 1, 1)
        # Told again from where it stopped first, should it stop again: domain orders told twice do nothing.
        return self._hechos([fila._replace(posicion=posicion) for fila in self._log.del_flujo(flujo, parado.version)])

    def _hechos(self, filas: Sequence[Fila]) -> list[Hecho]:
        """The facts that rows tell. Only those from which something may follow are decoded."""
        pesan = [self._log.puede_ser(fila, self._eventos) for fila in filas]
        suyas = list(compress(filas, pesan))
        try:
            eventos: Sequence[Evento | Exception] = self._log.abrir(suyas)
        except Exception:  # one can't be read: find out which
            eventos = [self._abierto(fila) for fila in suyas]
        siguiente = iter(eventos)
        return [
            Hecho(fila.posicion, fila.originator_id, fila.version, next(siguiente) if pesa else None)
            for fila, pesa in zip(filas, pesan, strict=True)
        ]

    def _abierto(self, fila: Fila) -> Evento | Exception:
        try:
            return self._log.abrir([fila])[0]
        except PersistenceError:
            raise
        except Exception as error:  # whatever an unreadable event raises must stop its own stream only
            return error
