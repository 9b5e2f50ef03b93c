"""Drives the payouts that nobody reported, from the to-do list, a few at a time."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog

from domain.base.errores import EscrituraDisputada, VersionDistinta
from domain.pagos.aplicacion import Pagos
from domain.pagos.procesador import ProcesadorDePagos
from gateway.bucle import CONEXION_PERDIDA
from gateway.procesador.tramo import Pendiente, Tramo
from projections.motor.aparcados import describir

HILOS = 8
COLA = 8
"""Payouts in hand for each thread: enough to keep it busy between two looks at the list."""
PAUSA, PAUSA_CON_TRABAJO = 0.25, 0.02
PRIMER_SILENCIO, SILENCIO_MAXIMO = timedelta(seconds=1), timedelta(seconds=60)
"""A line that still stands after it was driven (fate unknown, list behind) is taken again after 1, 2, 4… seconds."""

_log = structlog.get_logger(__name__)
_Linea = tuple[str, str, int, bool]


class Conductor:
    """Takes what is due and drives each payout in a thread of a bounded pool, so that a slow answer stops no other."""

    def __init__(
        self,
        pagos: Pagos,
        procesador: ProcesadorDePagos,
        vencidos: Callable[[datetime, int], Sequence[Pendiente]],
        reloj: Callable[[], datetime],
        *,
        hilos: int = HILOS,
        silencio: timedelta = PRIMER_SILENCIO,
    ) -> None:
        """``vencidos(ahora, limite)`` lists the payouts whose time has come, the longest due first.

        ``silencio``: after how long a line that still stands is taken again, the first time.
        """
        self._pagos, self._procesador, self._vencidos, self._reloj = pagos, procesador, vencidos, reloj
        self._hilos = ThreadPoolExecutor(hilos, thread_name_prefix="procesador")
        self._cupo, self._silencio = hilos * COLA, silencio
        self._candado = threading.Lock()
        self._en_mano: set[str] = set()
        self._silencios: dict[_Linea, tuple[datetime, timedelta]] = {}

    def paso(self) -> float:
        """Hand what is due to the threads; return the seconds to wait until the next look."""
        tomadas = self._tomar(self._reloj())
        for pendiente in tomadas:
            self._hilos.submit(self._llevar, pendiente)
        return PAUSA_CON_TRABAJO if tomadas else PAUSA

    def cerrar(self) -> None:
        """Let the payouts in hand end, and take no other."""
        self._hilos.shutdown(cancel_futures=True)

    def _tomar(self, ahora: datetime) -> list[Pendiente]:
        with self._candado:
            self._olvidar_silencios(ahora)
            callados = {linea for linea, (hasta, _) in self._silencios.items() if hasta > ahora}
            en_mano = set(self._en_mano)
        libres = self._cupo - len(en_mano)
        if libres <= 0:
            return []
        tomadas = [
            uno
            for uno in self._vencidos(ahora, libres + len(callados) + len(en_mano))
            if uno.payout_id not in en_mano and _linea(uno) not in callados
        ][:libres]
        with self._candado:
            self._en_mano.update(uno.payout_id for uno in tomadas)
        return tomadas

    def _llevar(self, pendiente: Pendiente) -> None:
        payout = pendiente.payout_id
        try:
            Tramo(self._pagos, self._procesador, self._reloj, pendiente).andar()
        except (VersionDistinta, EscrituraDisputada) as error:
            _log.info("otro se adelantó con el payout", payout=payout, error=str(error))
        except CONEXION_PERDIDA as error:
            _log.warning("sin base de datos por ahora", payout=payout, error=describir(error))
        except Exception:
            _log.exception("no se pudo llevar el payout", payout=payout)
        finally:
            with self._candado:
                self._callar(_linea(pendiente))
                self._en_mano.discard(payout)

    def _callar(self, linea: _Linea) -> None:
        _, anterior = self._silencios.get(linea, (None, self._silencio / 2))
        silencio = min(anterior * 2, SILENCIO_MAXIMO)
        self._silencios[linea] = (self._reloj() + silencio, silencio)

    def _olvidar_silencios(self, ahora: datetime) -> None:
        viejos = [linea for linea, (hasta, _) in self._silencios.items() if hasta + SILENCIO_MAXIMO < ahora]
        for linea in viejos:
            del self._silencios[linea]


def _linea(pendiente: Pendiente) -> _Linea:
    return (pendiente.payout_id, pendiente.estado, pendiente.intento, pendiente.desconocido)
