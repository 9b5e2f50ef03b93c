"""Why a counted cell says what it says: the rows that it counts, and the events that put some of them there."""
# names of tables and columns come from the code's own declarations

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
    """The rows of ``tabla`` that lie in a cell: how many, what they make of its column, and the keys of the last few.

    ``valor`` is None where nothing is summed up: each of the rows says the same then, and the last effect tells it.
    """

    tabla: str
    cuantas: int
    valor: Any
    ultimas: list[str]


def recontar(conexion: Connection, celda: Celda) -> tuple[Contadas, list[Efecto]]:
    """Count a cell again, and the events that brought the last rows into it, changed what they add, or took it away.

    Raises sqlalchemy's DataError when its key is none.
    """
    cuenta = CUENTAS[celda.tabla.nombre]
    tipos = dict(zip(cuenta.tabla.columnas, cuenta.tabla.tipos, strict=True))
    columnas = (cuenta.tabla.clave, *cuenta.tabla.resto_de_clave)
    dichos = {una: f"CAST(:{una} AS {tipos[una]})" for una in columnas}
    textos = dict(zip(columnas, celda.clave, strict=True))
    clave = tuple(conexion.execute(text(f"SELECT {', '.join(dichos.values())}"), textos).one())
    iguales = " AND ".join(f"{cuenta.en_sql.get(una, una)} = {dicho}" for una, dicho in dichos.items())
    donde = f"FROM public.{cuenta.de.nombre} WHERE {cuenta.cuentan} AND {iguales}"
    (cuantas,) = leer(conexion, "count(*)", donde, textos)
    que = cuenta.agregados.get(celda.columna)
    valor = leer(conexion, que, donde, textos)[0] if que and cuantas else None
    ultimas = leer(conexion, cuenta.de.clave, f"{donde} ORDER BY {cuenta.de.clave} DESC LIMIT {MUESTRA}", textos)
    return Contadas(cuenta.de.nombre, cuantas, valor, ultimas), list(_efectos(celda, cuenta, clave, ultimas))


def _efectos(celda: Celda, cuenta: Cuenta, clave: tuple[Any, ...], filas: list[str]) -> Iterable[Efecto]:
    (conmutador,) = (uno for uno in celda.proyeccion.conmutadores if uno.tabla is cuenta.de)
    indice = cuenta.tabla.columnas.index(celda.columna)

    def aporte(fila: Any) -> Any:
        aportado = cuenta.aporta(fila)
        return None if aportado is None or aportado[: len(clave)] != clave else aportado[indice]

    for fila in filas:
        yield from celda.de_un_flujo(conmutador, fila, aporte)
