"""One page of a table, and the words of its filters."""
# ruff: noqa: S608  # the pieces of SQL are the read models' own; what callers say travels as parameters

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, text

T = TypeVar("T")
HONDO = 200
"""Rows to pass over from which only the index is read for them."""
_INGUARDABLE = re.compile("[\0\ud800-\udfff]")


class PalabraDesconocida(ValueError):
    """A filter says a word that means nothing; the message is that word."""


def guardable(texto: str) -> str:
    """A text that can be sent: what PostgreSQL holds in none (NUL, half a surrogate pair) becomes a mark of no name."""
    return _INGUARDABLE.sub("\ufffd", texto)


def elegidos(texto: str, significados: Mapping[str, Collection[T]]) -> frozenset[T]:
    """What the words of a comma list mean together, in any case. Raises PalabraDesconocida, for an empty word too."""
    hallados: set[T] = set()
    for palabra in texto.split(","):
        if palabra.strip().upper() not in significados:
            raise PalabraDesconocida(palabra.strip())
        hallados |= set(significados[palabra.strip().upper()])
    return frozenset(hallados)


@dataclass(frozen=True)
class Lista:
    """Rows of ``tabla`` (key: ``id``) for which the ``condiciones`` hold, in the order of the column ``por``.

    Ties go by id, in the same direction. ``valores`` are what the conditions name. ``estados``: those that the column
    ``estado`` may be, any if empty.
    """

    tabla: str
    condiciones: Sequence[str]
    por: str
    valores: Mapping[str, Any]
    estados: Sequence[str] = ()
    sube: bool = False

    def pagina(self, con: Connection, columnas: str, salto: int, cuantas: int) -> Sequence[Row[Any]]:
        """``cuantas`` rows at most, after the first ``salto``."""
        if salto < HONDO and len(self.estados) <= 1:
            consulta = f"{self._elegir(columnas, self._ramas[0])} LIMIT :cuantas OFFSET :salto"
        else:
            # What is passed over is read from an index alone. With several states, from each one's own part of it:
            # merged, they are the list.
            ramas = " UNION ALL ".join(f"({self._elegir(f'id, {self.por}', rama)} LIMIT :tope)" for rama in self._ramas)
            ids = f"SELECT id FROM ({ramas}) ramas ORDER BY {self._orden} LIMIT :cuantas OFFSET :salto"
            consulta = f"SELECT {columnas} FROM {self.tabla} WHERE id IN ({ids}) ORDER BY {self._orden}"
        de_estados = {f"estado_{numero}": estado for numero, estado in enumerate(self.estados)}
        cortes = {"salto": salto, "cuantas": cuantas, "tope": salto + cuantas}
        return con.execute(text(consulta), {**self.valores, **de_estados, **cortes}).all()

    @property
    def _ramas(self) -> list[str]:
        """The condition that each state adds; a single empty one for any state."""
        return [f"estado = :estado_{numero}" for numero in range(len(self.estados))] or [""]

    @property
    def _orden(self) -> str:
        sentido = "ASC" if self.sube else "DESC"
        return f"{self.por} {sentido}, id {sentido}"

    def _elegir(self, columnas: str, rama: str) -> str:
        condiciones = [condicion for condicion in (rama, *self.condiciones) if condicion]
        donde = f" WHERE {' AND '.join(condiciones)}" if condiciones else ""
        return f"SELECT {columnas} FROM {self.tabla}{donde} ORDER BY {self._orden}"
