"""A query table, declared once by the dataclass of its rows."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar, get_type_hints

from sqlalchemy import TableClause, column, table

F = TypeVar("F")

TIPOS: dict[object, str] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    Decimal: "numeric",
    datetime: "timestamp with time zone",
    list[str]: "text[]",
}
"""PostgreSQL's type for each type that a row's field may have, ``| None`` aside."""


@dataclass(frozen=True)
class Tabla(Generic[F]):
    """``fila`` is the dataclass whose fields are the columns, in order; ``clave`` names the primary key.

    A row for which ``sobra`` holds after a batch leaves the table.
    """

    nombre: str
    fila: type[F]
    clave: str = "id"
    sobra: Callable[[F], bool] | None = None

    @cached_property
    def columnas(self) -> tuple[str, ...]:
        return tuple(campo.name for campo in fields(self.fila))  # type: ignore[arg-type]  # a dataclass

    @cached_property
    def tipos(self) -> list[str]:
        """PostgreSQL's types of the columns. Raises KeyError for a field that no column can hold."""
        declarados = get_type_hints(self.fila)
        return [TIPOS[_sin_nulo(declarados[columna])] for columna in self.columnas]

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


def _sin_nulo(tipo: Any) -> object:
    partes = [parte for parte in getattr(tipo, "__args__", ()) if parte is not type(None)]
    return partes[0] if type(None) in getattr(tipo, "__args__", ()) else tipo
