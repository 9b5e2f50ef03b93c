"""Streams that a reaction can't follow for now, in the table where projections park theirs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Connection, Engine, text

from projections.motor.aparcados import describir

Aparcar = Callable[[str, int, Exception], None]
"""Takes a stream, a position and what is wrong there."""
_DE = text("SELECT stream, posicion FROM aparcados WHERE proyeccion = :reaccion AND aplicacion = :aplicacion FOR SHARE")
_APARCAR = text(
    "INSERT INTO aparcados (proyeccion, generacion, aplicacion, stream, posicion, ultima_posicion, eventos, error)"
    " VALUES (:reaccion, 0, :aplicacion, :stream, :posicion, :posicion, 1, :error)"
    " ON CONFLICT (proyeccion, generacion, aplicacion, stream)"
    " DO UPDATE SET posicion = least(aparcados.posicion, excluded.posicion), error = excluded.error"
)
_SOLTAR = text("DELETE FROM aparcados WHERE proyeccion = :reaccion AND aplicacion = :aplicacion AND stream = :stream")


class Aparcados:
    """What one reaction has parked of one application's log. Raises sqlalchemy's DBAPIError without a database."""

    def __init__(self, motor: Engine, reaccion: str, aplicacion: str) -> None:
        self._motor = motor
        self._de_quien = {"reaccion": reaccion, "aplicacion": aplicacion}

    def leer(self) -> dict[str, int]:
        """The parked streams, each with the position of the event at which it first stopped.

        Waits for whoever is letting one go: what comes in a stream that is still listed here will be taken up.
        """
        with self._motor.connect() as conexion:
            return {fila.stream: fila.posicion for fila in conexion.execute(_DE, self._de_quien)}

    def aparcar(self, stream: str, posicion: int, error: Exception) -> None:
        """Park a stream at an event, or at an earlier one at which it stopped already."""
        with self._motor.begin() as conexion:
            self._aparcar(conexion, stream, posicion, error)

    @contextmanager
    def soltar(self, stream: str) -> Iterator[Aparcar]:
        """Let a stream go at the end of a ``with`` block, unless it is parked again by what the block gets.

        Read the stream within the block: what others have left to it stands in the log by then.
        """
        with self._motor.begin() as conexion:
            conexion.execute(_SOLTAR, {**self._de_quien, "stream": stream})
            yield partial(self._aparcar, conexion)

    def _aparcar(self, conexion: Connection, stream: str, posicion: int, error: Exception) -> None:
        valores = {"stream": stream, "posicion": posicion, "error": describir(error)}
        conexion.execute(_APARCAR, {**self._de_quien, **valores})
