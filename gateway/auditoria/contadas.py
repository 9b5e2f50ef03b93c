"""Why a counted cell says what it says: the rows that it counts, and the events that put some of them there."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text

from gateway.auditoria.celdas import Celda, leer
from gateway.auditoria.totales import Efecto
from projections.campanias.conteos import CUENTAS as DE_CAMPANIAS
from projections.clientes.conteo import CUENTAS as DE_CLIENTES
from projections.motor.conteos import Cuenta
from projections.payouts.conteos import CUENTAS as DE_PAYOUTS

MUESTRA = 5
"""Rows that are followed back to their events: a cell may count a million."""
CUENTAS = {cuenta.tabla.nombre: cuenta for uno in (DE_CAMPANIAS, DE_CLIENTES, DE_PAYOUTS) for cuenta in uno.cuentas}
"""The counted tables, by name."""


@dataclass(frozen=True)
class Contadas:
    """The rows of ``tabla`` that lie in a cell: how many, and the keys of the last few."""

    tabla: str
    cuantas: int
    ultimas: list[str]


def recontar(conexion: Connection, celda: Celda) -> tuple[Contadas, Any, list[Efecto]]:
    """The rows that a cell counts, what they make of its column, and the events of the last few that had to do with it.

    Raises sqlalchemy's DataError when its key is none.
    """
    cuenta = CUENTAS[celda.tabla.nombre]
    dichos, textos = celda.dichos, celda.textos
    clave = tuple(conexion.execute(text(f"SELECT {', '.join(dichos.values())}"), textos).one())
    iguales = " AND ".join(f"{cuenta.en_sql.get(una, una)} = {dicho}" for una, dicho in dichos.items())
    donde = f"FROM public.{cuenta.de.nombre} WHERE {cuenta.cuentan} AND {iguales}"
    (cuantas,) = leer(conexion, "count(*)", donde, textos)
    ultimas = leer(conexion, cuenta.de.clave, f"{donde} ORDER BY {cuenta.de.clave} DESC LIMIT {MUESTRA}", textos)
    efectos = list(_efectos(celda, cuenta, clave, ultimas))
    if not cuantas:
        segun = None
    elif celda.columna in cuenta.agregados:
        (segun,) = leer(conexion, cuenta.agregados[celda.columna], donde, textos)
    else:
        # Each of the rows says the same.
        segun = efectos[-1][3] if efectos else None
    return Contadas(cuenta.de.nombre, cuantas, ultimas), segun, efectos


def _efectos(celda: Celda, cuenta: Cuenta, clave: tuple[Any, ...], filas: list[str]) -> Iterable[Efecto]:
    (conmutador,) = (uno for uno in celda.proyeccion.conmutadores if uno.tabla is cuenta.de)
    indice = cuenta.tabla.columnas.index(celda.columna)

    def aporte(fila: Any) -> Any:
        aportado = cuenta.aporta(fila)
        return None if aportado is None or aportado[: len(clave)] != clave else aportado[indice]

    for fila in filas:
        yield from celda.de_un_flujo(conmutador, fila, aporte)
