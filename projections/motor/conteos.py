"""Counts of a table's rows, kept and not counted: each batch adds what it changes, in its own transaction."""
# ruff: noqa: S608  # names of tables and columns come from the code's own declarations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
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
    """

    de: Tabla[F]
    tabla: Tabla[Any]
    celda: Callable[[F], Celda | None]
    suma: Callable[[F], tuple[Any, ...]] = lambda _: (1,)

    def anotar(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Take in a batch: one statement, and one more if rows have left cells. ``cursor`` is the transaction's."""
        if cambios.tabla is not self.de:
            return
        sumas = self._diferencias(cambios)
        # In order, so that neighbours meet on the same pages.
        celdas = sorted(celda for celda, valores in sumas.items() if any(valores))
        if not celdas:
            return
        columnas = [*zip(*celdas, strict=True), *zip(*(sumas[celda] for celda in celdas), strict=True)]
        cursor.execute(self._sumar, [list(columna) for columna in columnas])
        vacias = [celda for celda in celdas if sumas[celda][0] < 0]
        if vacias:
            cursor.execute(self._limpiar, [list(columna) for columna in zip(*vacias, strict=True)])

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
    def _cuentas(self) -> list[str]:
        return [columna for columna in self.tabla.columnas if columna not in self._clave]

    @cached_property
    def _clave(self) -> tuple[str, ...]:
        return (self.tabla.clave, *self.tabla.resto_de_clave)

    @cached_property
    def _sumar(self) -> str:
        tabla = self.tabla
        return (
            f"INSERT INTO {tabla.nombre} AS t ({', '.join(tabla.columnas)})"
            f" SELECT * FROM unnest({', '.join(f'%b::{tipo}[]' for tipo in tabla.tipos)})"
            f" ON CONFLICT ({', '.join(self._clave)}) DO UPDATE SET"
            f" {', '.join(f'{columna} = t.{columna} + excluded.{columna}' for columna in self._cuentas)}"
        )

    @cached_property
    def _limpiar(self) -> str:
        tabla, clave = self.tabla, self._clave
        tipos = dict(zip(tabla.columnas, tabla.tipos, strict=True))
        iguales = " AND ".join(f"t.{columna} = c.{columna}" for columna in clave)
        return (
            f"DELETE FROM {tabla.nombre} t"
            f" USING unnest({', '.join(f'%b::{tipos[columna]}[]' for columna in clave)}) AS c ({', '.join(clave)})"
            f" WHERE {iguales} AND t.{self._cuentas[0]} = 0"
        )


class Cuenta(Protocol):
    """What is kept in ``tabla`` beside the rows of another."""

    @property
    def tabla(self) -> Tabla[Any]: ...

    def anotar(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Take in a batch."""


@dataclass(frozen=True)
class Cuentas:
    """A derivation that keeps several, none of which needs another table."""

    cuentas: tuple[Cuenta, ...]

    def completar(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Nothing: the rows don't depend on what is counted."""

    def extender(self, cursor: Any, cambios: Cambios[Any]) -> None:
        """Add what the batch changed."""
        for cuenta in self.cuentas:
            cuenta.anotar(cursor, cambios)

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
