"""One process at a time rebuilds, switches or discards a read model."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from projections.motor.conexion import fuera_de_la_reserva

CORTESIA = 0.5
"""Seconds for which the database may take to notice that the process of before is dead."""
_FAMILIA = 4_207_432
_RESERVAR = text(f"SELECT pg_try_advisory_lock({_FAMILIA}, hashtext(:nombre))")
_SOLTAR = text(f"SELECT pg_advisory_unlock({_FAMILIA}, hashtext(:nombre))")


class ReconstruccionEnMarcha(RuntimeError):
    """Another process is rebuilding, switching or discarding this read model now."""


@contextmanager
def en_exclusiva(motor: Engine, nombre: str) -> Iterator[None]:
    """Nobody else works on the read model within the block. Raises ReconstruccionEnMarcha."""
    with fuera_de_la_reserva(motor.execution_options(isolation_level="AUTOCOMMIT")) as conexion:
        limite = time.monotonic() + CORTESIA
        while not conexion.scalar(_RESERVAR, {"nombre": nombre}):
            if time.monotonic() > limite:
                raise ReconstruccionEnMarcha(f"otro proceso está trabajando con {nombre}")
            time.sleep(0.02)
        try:
            yield
        finally:
            # Not left to the connection's end, which a busy database notices late. Without one there is no more lock.
            with suppress(DBAPIError):
                conexion.execute(_SOLTAR, {"nombre": nombre})
