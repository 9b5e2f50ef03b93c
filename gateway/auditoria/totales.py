"""How a client's totals came about: payment by payment, in the order in which it was recorded."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.base.monedas import moneda_principal
from gateway.auditoria.historia import Contado, contar, seguidos
from gateway.auditoria.vinculos import doblar
from gateway.composicion import Sistema
from projections.clientes import proyeccion as clientes
from projections.clientes.consultas import vinculados
from projections.clientes.tabla import FilaDeDueno, FilaDeTotal, FilaDeVinculo

Efecto = tuple[str, Contado, Any, Any]
"""An application's name, its event, and the cell before and after it."""


class Totales:
    """Folds payments and campaigns, and knows at each step what counts for one client's id."""

    def __init__(self, cliente: str) -> None:
        self._cliente = cliente
        self._vinculos: dict[str, FilaDeVinculo] = {}
        self._duenos: dict[str, FilaDeDueno] = {}
        self._de_campania: defaultdict[str, set[str]] = defaultdict(set)
        self._cuentan: dict[str, datetime] = {}
        self._pagos: Counter[str] = Counter()
        self._montos: defaultdict[str, Decimal] = defaultdict(Decimal)

    def aplicar(self, aplicacion: str, contado: Contado) -> None:
        """Take in one event of ``pagos`` or ``campanias``."""
        stream = contado.evento.originator_id
        if aplicacion == "campanias":
            clientes.campanias.aplicar(self._duenos, contado.evento)
            tocados: Iterable[str] = self._de_campania[stream]
        else:
            clientes.pagos.aplicar(self._vinculos, contado.evento)
            vinculo = self._vinculos[stream]
            if vinculo.campania_id is not None and not vinculo.cliente_dicho:
                self._de_campania[vinculo.campania_id].add(stream)
            tocados = (stream,)
        for tocado in tocados:
            self._contar(tocado)

    def celda(self, columna: str, moneda: str | None) -> Any:
        """A column of ``clientes``, or with a ``moneda`` of ``clientes_totales``."""
        if moneda is not None:
            # A currency without payments has no row.
            pagos, monto = self._pagos[moneda], self._montos[moneda]
            fila = FilaDeTotal(self._cliente, moneda, pagos, monto) if pagos else None
            return None if fila is None else getattr(fila, columna)
        principal = moneda_principal(+self._pagos)
        match columna:
            case "total_pagos":
                return len(self._cuentan)
            case "moneda":
                return principal
            case "monto_total":
                return Decimal(0) if principal is None else self._montos[principal]
            case "primer_pago":
                return min(self._cuentan.values(), default=None)
            case _:
                return max(self._cuentan.values(), default=None)

    def _contar(self, payout: str) -> None:
        vinculo = self._vinculos[payout]
        dueno = None if vinculo.cliente_dicho else self._duenos.get(vinculo.campania_id or "")
        suyo = self._cliente == (vinculo.cliente_id if dueno is None else dueno.cliente_id)
        hay, habia = suyo and vinculo.completado_en is not None, payout in self._cuentan
        if hay != habia:
            signo = 1 if hay else -1
            self._pagos[vinculo.moneda] += signo
            self._montos[vinculo.moneda] += signo * vinculo.monto
        if hay and vinculo.completado_en is not None:
            self._cuentan[payout] = vinculo.completado_en
        else:
            self._cuentan.pop(payout, None)


def efectos_en_totales(
    sistema: Sistema, cliente: str, columna: str, moneda: str | None, hasta: Mapping[str, int]
) -> tuple[Any, list[Efecto]]:
    """What the cell holds without any payment, and each event up to the positions ``hasta`` that changed it."""
    totales = Totales(cliente)
    inicial = antes = totales.celda(columna, moneda)
    efectos: list[Efecto] = []
    for aplicacion, contado in _hechos(sistema, cliente, hasta):
        totales.aplicar(aplicacion, contado)
        despues = totales.celda(columna, moneda)
        if despues != antes:
            efectos.append((aplicacion, contado, antes, despues))
        antes = despues
    return inicial, efectos


def _hechos(sistema: Sistema, cliente: str, hasta: Mapping[str, int]) -> list[tuple[str, Contado]]:
    """The events of the client's payments and of the campaigns that link them, in the order of recording."""
    with sistema.motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        pagos = list(seguidos(contar(sistema.tienda, sistema.pagos, *vinculados(conexion, cliente))))
    filas = doblar(clientes.pagos, pagos).values()
    campanias = {fila.campania_id for fila in filas if fila.campania_id is not None}
    creadas = contar(sistema.tienda, sistema.campanias, *campanias, hasta=1)
    hechos = [("pagos", uno) for uno in pagos] + [("campanias", una) for una in creadas]
    sabidos = [(aplicacion, uno) for aplicacion, uno in hechos if uno.posicion <= hasta.get(aplicacion, 0)]
    return sorted(sabidos, key=lambda par: (par[1].evento.timestamp, par[0], par[1].posicion))
