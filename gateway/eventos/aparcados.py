"""Streams that a reaction can't follow for now, in the table where projections park theirs."""

from sqlalchemy import Engine, text

from projections.motor.aparcados import describir

_DE = text("SELECT stream, posicion FROM aparcados WHERE proyeccion = :reaccion AND aplicacion = :aplicacion")
_APARCAR = text(
    "INSERT INTO aparcados (proyeccion, generacion, aplicacion, stream, posicion, ultima_posicion, eventos, error)"
    " VALUES (:reaccion, 0, :aplicacion, :stream, :posicion, :posicion, 1, :error)"
    " ON CONFLICT (proyeccion, generacion, aplicacion, stream)"
    " DO UPDATE SET posicion = excluded.posicion, error = excluded.error"
)
_SOLTAR = text("DELETE FROM aparcados WHERE proyeccion = :reaccion AND aplicacion = :aplicacion AND stream = :stream")


class Aparcados:
    """What one reaction has parked of one application's log. Raises sqlalchemy's DBAPIError without a database."""

    def __init__(self, motor: Engine, reaccion: str, aplicacion: str) -> None:
        self._motor = motor
        self._de_quien = {"reaccion": reaccion, "aplicacion": aplicacion}

    def leer(self) -> dict[str, int]:
        """The parked streams, each with the position of the event at which it stopped."""
        with self._motor.connect() as conexion:
            return {fila.stream: fila.posicion for fila in conexion.execute(_DE, self._de_quien)}

    def aparcar(self, stream: str, posicion: int, error: Exception) -> None:
        """Park a stream, or tell at which event it stopped this time."""
        valores = {"stream": stream, "posicion": posicion, "error": describir(error)}
        with self._motor.begin() as conexion:
            conexion.execute(_APARCAR, {**self._de_quien, **valores})

    def soltar(self, stream: str) -> None:
        """The stream is up to date again."""
        with self._motor.begin() as conexion:
            conexion.execute(_SOLTAR, {**self._de_quien, "stream": stream})
