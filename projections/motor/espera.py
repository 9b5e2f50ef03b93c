"""Read your own writes: wait until query tables have taken in a position."""

import re
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from threading import Condition
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text

from projections.registro import PROYECCIONES

PAUSA = 0.004
"""Seconds between two looks: what was just written is mostly there at the first or the second."""

CABECERA = "X-Posicion-Minima"
PACIENCIA = 2.0
"""Seconds that a query waits at most."""
APLICACIONES = {"cliente": "clientes", "pagos": "pagos", "campanias": "campanias"}
"""The application, and so the log, behind each module's outside name."""
_PAREJA = re.compile(r"[ \t]*(cliente|pagos|campanias):([0-9]{1,18})[ \t]*")

Posiciones = Mapping[tuple[str, str], int]
"""How far the tables of each read model are in the log of each application."""

# The active generation's positions: its tables are the ones in public.
_POSICIONES = text(
    "SELECT split_part(application_name, ':', 1) AS proyeccion, split_part(application_name, ':', 3) AS aplicacion,"
    " notification_id FROM seguimiento WHERE esquema = 'public'"
)


def leer_minimos(dicho: str) -> dict[str, int]:
    """What CABECERA says, by application name. Raises ValueError, whose message is for people."""
    minimos: dict[str, int] = {}
    for trozo in dicho.split(","):
        pareja = _PAREJA.fullmatch(trozo)
        if pareja is None:
            raise ValueError("debe ser una lista de modulo:posicion")
        aplicacion = APLICACIONES[pareja[1]]
        minimos[aplicacion] = max(int(pareja[2]), minimos.get(aplicacion, 0))
    return minimos


def esperar(
    motor: Engine,
    lectura: Collection[str],
    minimos: Mapping[str, int],
    segundos: float,
    ceder: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> bool:
    """Wait until every read model named in ``lectura`` has passed ``minimos`` (application name -> position).

    Applications that don't feed a read model don't matter to it. Returns False after ``segundos``. What doesn't wait
    doesn't enter ``ceder``; while it waits it holds no connection.
    Raises sqlalchemy.exc.DBAPIError when the database can't be reached.
    """
    pedidas = {
        (proyeccion.nombre, aplicacion): minimos[aplicacion]
        for proyeccion in PROYECCIONES
        if proyeccion.nombre in lectura
        for aplicacion in proyeccion.aplicaciones
        if aplicacion in minimos
    }

    def alcanzan(hay: Posiciones) -> bool:
        return all(hay.get(cual, 0) >= posicion for cual, posicion in pedidas.items())

    if not pedidas or alcanzan(_mirar(motor)):
        return True
    with ceder():
        return _VIGIAS.setdefault(motor, _Vigia()).esperar(motor, alcanzan, time.monotonic() + segundos)


class _Vigia:
    """One of those who wait looks, and wakes the others when anything has moved: however many wait, one asks."""

    def __init__(self) -> None:
        self._cambio = Condition()
        self._hay: Posiciones = {}
        self._mirando, self._cuantos = False, 0

    def esperar(self, motor: Engine, alcanzan: Callable[[Posiciones], bool], limite: float) -> bool:
        with self._cambio:
            self._cuantos += 1
        try:
            return self._esperar(motor, alcanzan, limite)
        finally:
            with self._cambio:
                self._cuantos -= 1
                if not self._cuantos:
                    # Positions go back where a database is restored.
                    self._hay = {}

    def _esperar(self, motor: Engine, alcanzan: Callable[[Posiciones], bool], limite: float) -> bool:
        with self._cambio:
            self._cambio.wait_for(lambda: alcanzan(self._hay) or not self._mirando, limite - time.monotonic())
            if alcanzan(self._hay) or self._mirando:
                return alcanzan(self._hay)
            self._mirando = True
        try:
            while not alcanzan(self._hay) and time.monotonic() + PAUSA < limite:
                time.sleep(PAUSA)
                self._publicar(_mirar(motor))
            return alcanzan(self._hay)
        finally:
            with self._cambio:
                self._mirando = False
                self._cambio.notify_all()

    def _publicar(self, hay: Posiciones) -> None:
        if hay != self._hay:
            with self._cambio:
                self._hay = hay
                self._cambio.notify_all()


_VIGIAS: WeakKeyDictionary[Engine, _Vigia] = WeakKeyDictionary()


def _mirar(motor: Engine) -> Posiciones:
    with motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        filas = conexion.execute(_POSICIONES)
        return {(fila.proyeccion, fila.aplicacion): fila.notification_id for fila in filas}
