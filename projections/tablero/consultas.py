"""The figures of the house at a glance. All of them are kept, none is counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from projections.campanias.conteos import POR_ESTADO
from projections.clientes import consultas as clientes
from projections.clientes.conteo import CONTEO
from projections.payouts import consultas as payouts
from projections.payouts.agregados import Agregados
from projections.payouts.filtro import Filtro

RECIENTES = 5

_CLIENTES = text(f"SELECT estado, clientes FROM {CONTEO.tabla.nombre} ORDER BY estado")  # noqa: S608 - a declared name
_CAMPANIAS = text(f"SELECT estado, campanias FROM {POR_ESTADO.nombre} ORDER BY estado")  # noqa: S608 - a declared name


@dataclass(frozen=True)
class Tablero:
    """Clients (the forgotten aside), payouts and campaigns in every state, and the five newest of the first two."""

    clientes_por_estado: Mapping[str, int]
    campanias_por_estado: Mapping[str, int]
    pagos: Agregados
    pagos_recientes: tuple[payouts.PagoEnLista, ...]
    clientes_recientes: tuple[clientes.ClienteEnLista, ...]

    @property
    def total_clientes(self) -> int:
        return sum(self.clientes_por_estado.values())

    @property
    def total_pagos(self) -> int:
        return self.pagos.total

    @property
    def total_campanias(self) -> int:
        return sum(self.campanias_por_estado.values())


def tablero(con: Connection) -> Tablero:
    """All that the dashboard shows. ``con`` is a ``foto``."""
    pagos = payouts.listar(con, Filtro(), por_pagina=RECIENTES)
    return Tablero(
        clientes_por_estado={fila.estado: fila.clientes for fila in con.execute(_CLIENTES)},
        campanias_por_estado=campanias_por_estado(con),
        pagos=pagos.agregados,
        pagos_recientes=pagos.filas,
        clientes_recientes=clientes.listar(con, por_pagina=RECIENTES).filas,
    )


def campanias_por_estado(con: Connection) -> dict[str, int]:
    """How many campaigns there are in each state that has any."""
    return {fila.estado: fila.campanias for fila in con.execute(_CAMPANIAS)}
