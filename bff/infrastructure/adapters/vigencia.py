"""Whether a page that was read before still is the page: asked of the database now and then, whoever asks."""

import threading
import time
from collections.abc import Callable, Mapping
from collections.abc import Set as Conjunto

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bff.infrastructure.adapters.lectura import falla_de
from projections.motor.vigencia import marcas

PASO = 0.1
"""Seconds for which an answer holds, unless somebody waited for something newer: less than tables lag anyway."""


class Vigencia:
    """The marks of the read models. ``al_cambiar`` is told which of them changed."""

    def __init__(self, motor: Engine, al_cambiar: Callable[[Conjunto[str]], None]) -> None:
        self._motor, self._al_cambiar = motor, al_cambiar
        self._candado = threading.Lock()
        self._marcas: Mapping[str, str] = {}
        self._mirado = float("-inf")

    def marca(self, lecturas: tuple[str, ...], *, ahora: bool = False) -> str:
        """What is the same while the tables of ``lecturas`` are; with ``ahora``, as of now. Raises FallaDeServicio."""
        desde = time.monotonic()
        if ahora or desde - self._mirado > PASO:
            with self._candado:
                # Whoever waited here for another's look, begun after this one was asked for, need not look again.
                if self._mirado < (desde if ahora else desde - PASO):
                    self._mirar()
        return self.vista(lecturas)

    def vista(self, lecturas: tuple[str, ...]) -> str:
        """The mark as somebody last saw it."""
        return "|".join(f"{lectura}:{self._marcas.get(lectura, '')}" for lectura in lecturas)

    def _mirar(self) -> None:
        empezo = time.monotonic()
        try:
            with self._motor.connect().execution_options(isolation_level="AUTOCOMMIT") as con:
                nuevas = marcas(con)
        except SQLAlchemyError as error:
            raise falla_de(error, "base de datos") from error
        cambiadas = {lectura for lectura in nuevas if nuevas[lectura] != self._marcas.get(lectura)}
        self._marcas, self._mirado = nuevas, empezo
        if cambiadas:
            self._al_cambiar(cambiadas)
