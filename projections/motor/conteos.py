"""Counts of a table's rows, kept and not counted: each batch adds what it changes, in its own transaction."""
# ruff: noqa: S608  # names of tables and columns come from the code's own declarations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import add, sub
from typing import Any, Generic, Protocol

from projections.motor.proyeccion import Cambios
from projections.motor.tabla import F, Tabla

Celda = tuple[Any, ...]
Sumas = dict[Celda, list[Any]]
"""What to add to each cell; negative to take back."""


@dataclass(frozen=True)
class Conteo(Generic[F]):
    """How many rows of ``de`` lie in each cell, and other sums over them, kept in ``tabla``.

    ``tabla``'s primary key is the cell, which ``celda`` gives for a row (None: the row counts nowhere). Its other
    columns are the sums, to which a row adds what ``suma`` gives; the first is the number of rows. A cell without
    rows is not in the table. A row that moves from cell to cell is taken from the one and added to the other.

    To count again, the database needs ``celda`` as SQL over ``de``: ``en_sql`` says a column of the cell that ``de``
    hasn't got, and ``cuentan`` which rows count.
    """

    de: Tabla[F]
    tabla: Tabla[Any]
    celda: Callable[[F], Celda | None]
    suma: Callable[[F], tuple[Any, ...]] = lambda _: (1,)
    en_sql: Mapping[str, str] = field(default_factory=dict)
    cuentan: str = "true"

    def por_sumar(self, cambios: Cambios[Any]) -> list[tuple[Any, ...]]:
        """The rows of ``sumar`` for a batch, in order, so that neighbours meet on the same pages."""
        if cambios.tabla is not self.de:
            return []
        sumas = self._diferencias(cambios)
        return sorted((*celda, *valores) for celda, valores in sumas.items() if any(valores))

    def por_limpiar(self, sumadas: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """The rows of ``limpiar`` that may be without any now."""
        cuantas = len(self._clave)
        return [fila[:cuantas] for fila in sumadas if fila[cuantas] < 0]

    def _diferencias(self, cambios: Cambios[F]) -> Sumas:
        sumas: Sumas = {}
        celda, suma, antes = self.celda, self.suma, cambios.antes
        for clave, fila in cambios.ahora.items():
            previa = antes.get(clave)
            nueva = celda(fila)
            if previa is not None:
                vieja = celda(previa)
                if vieja == nueva and suma(previa) == suma(fila):
                    continue
                if vieja is not None:
                    _acumular(sumas, vieja, suma(previa), sub)
            if nueva is not None:
                _acumular(sumas, nueva, suma(fila), add)
        return sumas

    @property
    def agregados(self) -> dict[str, str]:
        """Each sum as SQL over the rows of ``de`` in a cell."""
        primera, *otras = self._cuentas
        return {primera: "count(*)", **{columna: f"sum({columna})" for columna in otras}}

    def aporta(self, fila: F) -> tuple[Any, ...] | None:
        """The row of ``tabla`` that there would be if there were but this one; None when it counts nowhere."""
        celda = self.celda(fila)
        return None if celda is None else (*celda, *self.suma(fila))

    @property
    def _cuentas(self) -> list[str]:
        return [columna for columna in self.tabla.columnas if columna not in self._clave]

    @cached_property
    def _clave(self) -> tuple[str, ...]:
        return (self.tabla.clave, *self.tabla.resto_de_clave)

    @cached_property
    def sumar(self) -> str:
        tabla = self.tabla
        return (
            f"INSERT INTO {tabla.nombre} AS t ({', '.join(tabla.columnas)})"
            f" SELECT * FROM unnest({', '.join(f'%b::{tipo}[]' for tipo in tabla.tipos)})"
            f" ON CONFLICT ({', '.join(self._clave)}) DO UPDATE SET"
            f" {', '.join(f'{columna} = t.{columna} + excluded.{columna}' for columna in self._cuentas)}"
        )

    @cached_property
    def limpiar(self) -> str:
        tabla, clave = self.tabla, self._clave
        tipos = dict(zip(tabla.columnas, tabla.tipos, strict=True))
        iguales = " AND ".join(f"t.{columna} = c.{columna}" for columna in clave)
        return (
            f"DELETE FROM {tabla.nombre} t"
            f" USING unnest({', '.join(f'%b::{tipos[columna]}[]' for columna in clave)}) AS c ({', '.join(clave)})"
            f" WHERE {iguales} AND t.{self._cuentas[0]} = 0"
        )


class Cuenta(Protocol):
    """What is kept in ``tabla`` beside the rows of another. Statements take a list for each column of their rows."""

    @property
    def de(self) -> Tabla[Any]: ...
    @property
    def tabla(self) -> Tabla[Any]: ...
    @property
    def en_sql(self) -> Mapping[str, str]: ...
    @property
    def cuentan(self) -> str: ...
    @property
    def agregados(self) -> Mapping[str, str]: ...
    def aporta(self, fila: Any) -> tuple[Any, ...] | None:
        """The row of ``tabla`` that one of ``de`` makes alone. For all five see ``Conteo``."""

    @property
    def sumar(self) -> str: ...
    @property
    def limpiar(self) -> str: ...
    def por_sumar(self, cambios: Cambios[Any]) -> list[tuple[Any, ...]]:
        """What ``sumar`` takes for a batch."""

    def por_limpiar(self, sumadas: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """What ``limpiar`` takes after these."""


@dataclass(frozen=True)
class Cuentas:
    """A derivation that keeps several, none of which needs another table."""

    cuentas: tuple[Cuenta, ...]

    def completar(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Nothing: the rows don't depend on what is counted."""

    def extender(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Add what the batch changed: one statement, and one more if rows have left cells."""
        sumas = [(cuenta, cuenta.por_sumar(cambios)) for cuenta in self.cuentas]
        _ejecutar(cursor, [(cuenta.sumar, filas) for cuenta, filas in sumas])
        _ejecutar(cursor, [(cuenta.limpiar, cuenta.por_limpiar(filas)) for cuenta, filas in sumas])

    @property
    def tablas(self) -> tuple[Tabla[Any], ...]:
        """Where they are kept."""
        return tuple(cuenta.tabla for cuenta in self.cuentas)


def _acumular(sumas: Sumas, celda: Celda, valores: tuple[Any, ...], operar: Callable[[Any, Any], Any]) -> None:
    hay = sumas.get(celda)
    if hay is None:
        hay = sumas[celda] = [0] * len(valores)
    for indice, valor in enumerate(valores):
        hay[indice] = operar(hay[indice], valor)


def _ejecutar(cursor: Any, pasos: Iterable[tuple[str, Sequence[tuple[Any, ...]]]]) -> None:
    pasos = [paso for paso in pasos if paso[1]]
    if pasos:
        columnas = [list(columna) for _, filas in pasos for columna in zip(*filas, strict=True)]
        cursor.execute(_en_una(tuple(sentencia for sentencia, _ in pasos)), columnas)


@cache
def _en_una(sentencias: tuple[str, ...]) -> str:
    """Several statements that don't see each other's effects, in one: of a small batch each costs as much as all."""
    *otras, ultima = sentencias
    partes = ", ".join(f"s{numero} AS ({sentencia})" for numero, sentencia in enumerate(otras))
    return f"WITH {partes} {ultima}" if otras else ultima
