"""One page of a table, and the words of its filters."""
# ruff: noqa: S608  # the pieces of SQL are the read models' own; what callers say travels as parameters

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, text

T = TypeVar("T")
HONDO = 200
"""Rows to pass over from which only the index is read for them."""


class PalabraDesconocida(ValueError):
    """A filter says a word that means nothing; the message is that word."""


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
    """Rows of ``tabla`` (key: ``id``) for which the ``condiciones`` hold, in an order that is some index's own.

    ``estados``: those that ``estado`` may be, any if empty. ``valores`` are what the conditions name.
    """

    tabla: str
    condiciones: Sequence[str]
    orden: str
    valores: Mapping[str, Any]
    estados: Sequence[str] = ()

    def pagina(self, con: Connection, columnas: str, salto: int, cuantas: int) -> Sequence[Row[Any]]:
        """``cuantas`` rows at most, after the first ``salto``."""
        donde = f" WHERE {' AND '.join(self.condiciones)}" if self.condiciones else ""
        resto = f"FROM {self._fuente()}{donde} ORDER BY {self.orden} LIMIT :cuantas OFFSET :salto"
        consulta = f"SELECT {columnas} {resto}"
        if salto >= HONDO:
            consulta = f"SELECT {columnas} FROM {self.tabla} WHERE id IN (SELECT id {resto}) ORDER BY {self.orden}"
        de_estados = {f"estado_{numero}": estado for numero, estado in enumerate(self.estados)}
        return con.execute(text(consulta), {**self.valores, **de_estados, "salto": salto, "cuantas": cuantas}).all()

    def _fuente(self) -> str:
        if not self.estados:
            return self.tabla
        # A branch for each state, in the order of that state's part of the index: the database merges them.
        ramas = (f"SELECT * FROM {self.tabla} WHERE estado = :estado_{n}" for n in range(len(self.estados)))
        return f"({' UNION ALL '.join(ramas)}) {self.tabla}"
