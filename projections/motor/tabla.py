"""A query table, declared once by the dataclass of its rows."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, NamedTuple, TypeVar, get_type_hints

from sqlalchemy import TableClause, column, table

F = TypeVar("F")

TIPOS: dict[object, str] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    Decimal: "numeric",
    datetime: "timestamp with time zone",
    date: "date",
    list[str]: "text[]",
    dict[str, Any]: "jsonb",
}
"""PostgreSQL's type for each type that a row's field may have, ``| None`` aside."""


class Indice(NamedTuple):
    """An index ``{table}_{nombre}``. ``sobre`` is what follows the table's name in SQL: ``(a, b) WHERE c``.

    ``al_construir``: the derivation itself looks by it, so it can't wait until the table is filled.
    """

    nombre: str
    sobre: str
    al_construir: bool = False


@dataclass(frozen=True)
class Tabla(Generic[F]):
    """``fila`` is the dataclass whose fields are the columns, in order; ``clave`` names the primary key.

    A row for which ``sobra`` holds after a batch leaves the table. ``resto_de_clave``: the other columns of a primary
    key of several; such a table is written by a derivation, not by a switchboard. ``binarias``: texts besides the key
    that are compared and sorted as bytes (ids, codes), which is faster than as language.
    """

    nombre: str
    fila: type[F]
    clave: str = "id"
    sobra: Callable[[F], bool] | None = None
    resto_de_clave: tuple[str, ...] = ()
    indices: tuple[Indice, ...] = ()
    binarias: tuple[str, ...] = ()

    @cached_property
    def columnas(self) -> tuple[str, ...]:
        return tuple(campo.name for campo in fields(self.fila))  # type: ignore[arg-type]  # a dataclass

    @cached_property
    def tipos(self) -> list[str]:
        """PostgreSQL's types of the columns. Raises KeyError for a field that no column can hold."""
        return [TIPOS[_sin_nulo(self._declarados[columna])] for columna in self.columnas]

    @cached_property
    def declaraciones(self) -> list[str]:
        """What stands after the columns' names where the table is made."""
        return [self._declaracion(*una) for una in zip(self.columnas, self.tipos, strict=True)]

    @cached_property
    def valores(self) -> Callable[[F], tuple[Any, ...]]:
        """Gives a row's values in the order of the columns."""
        return attrgetter(*self.columnas)

    @cached_property
    def clave_de(self) -> Callable[[F], str]:
        return attrgetter(self.clave)

    @cached_property
    def sql(self) -> TableClause:
        """The table as queries name it."""
        return table(self.nombre, *map(column, self.columnas))

    def crear(self, cursor: Any, esquema: str, *, indices: bool = True) -> None:
        """Make the table, empty, in a schema that exists. ``cursor`` is the driver's.

        Without ``indices`` it has only those that filling it needs: many rows are stored several times as fast, and
        ``indices_que_faltan`` makes the others. Raises the driver's ProgrammingError when there is such a table.
        """
        columnas = [
            *map(" ".join, zip(self.columnas, self.declaraciones, strict=True)),
            f"PRIMARY KEY ({', '.join(self._primaria)})",
        ]
        cursor.execute(f"CREATE TABLE {esquema}.{self.nombre} ({', '.join(columnas)})")
        for indice in self.indices:
            if indices or indice.al_construir:
                cursor.execute(self._creacion(indice, esquema))

    def indices_que_faltan(self, cursor: Any, esquema: str) -> list[str]:
        """The statements that make the indexes that the table in this schema doesn't have yet."""
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = %s AND tablename = %s", (esquema, self.nombre)
        )
        hechos = {nombre for (nombre,) in cursor.fetchall()}
        return [
            self._creacion(indice, esquema) for indice in self.indices if f"{self.nombre}_{indice.nombre}" not in hechos
        ]

    @cached_property
    def _declarados(self) -> dict[str, Any]:
        return get_type_hints(self.fila)

    @property
    def _primaria(self) -> tuple[str, ...]:
        return (self.clave, *self.resto_de_clave)

    def _creacion(self, indice: Indice, esquema: str) -> str:
        return f"CREATE INDEX {self.nombre}_{indice.nombre} ON {esquema}.{self.nombre} {indice.sobre}"

    def _declaracion(self, nombre: str, tipo: str) -> str:
        orden = ' COLLATE "C"' if tipo == "text" and nombre in (*self._primaria, *self.binarias) else ""
        nulo = "" if type(None) in getattr(self._declarados[nombre], "__args__", ()) else " NOT NULL"
        return f"{tipo}{orden}{nulo}"


def _sin_nulo(tipo: Any) -> object:
    partes = [parte for parte in getattr(tipo, "__args__", ()) if parte is not type(None)]
    return partes[0] if type(None) in getattr(tipo, "__args__", ()) else tipo
