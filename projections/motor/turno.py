"""Whose turn it is to move a projection: a courtesy between workers. The fence is the position's compare-and-set."""

import threading
import time
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

SONDEO = 0.5
"""Seconds between two looks of a worker that stands by."""
PACIENCIA = 5.0
"""Seconds that a projection may stay behind without moving until another worker takes it over."""

_FAMILIA = 4_207_431
_TOMAR = text(f"SELECT pg_try_advisory_lock({_FAMILIA}, hashtext(:nombre))")


class Turno:
    """One worker's claim on one projection, held by its database connection and gone with it."""

    def __init__(self, nombre: str, sesion: Session) -> None:
        self._nombre, self._sesion, self._tomado = nombre, sesion, False

    def tomar(self) -> bool:
        """Claim the projection if nobody does. Returns whether the claim is held."""
        if not self._tomado:
            with self._sesion.begin():
                self._tomado = bool(self._sesion.scalar(_TOMAR, {"nombre": self._nombre}))
        return self._tomado

    def esperar(self, parar: threading.Event, atraso: Callable[[], tuple[int, ...] | None]) -> None:
        """Stand by until the projection is free, or its owner is stuck, or ``parar`` is set.

        ``atraso`` gives the positions while the projection is behind, None while it is not. An owner that holds
        its claim but was frozen doesn't move them; thawed, it can't either: they are no longer where it read them.
        """
        visto, desde = None, time.monotonic()
        while not self.tomar():
            ahora = atraso()
            if ahora is None or ahora != visto:
                visto, desde = ahora, time.monotonic()
            elif time.monotonic() - desde > PACIENCIA:
                return
            if parar.wait(SONDEO):
                return
