"""Whose each payment was, as it was known at some moment: by replay, since links follow what is known."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

from gateway.auditoria.historia import Contado, contar, sabido
from gateway.composicion import Sistema
from projections.clientes import proyeccion as clientes
from projections.clientes.consultas import vinculados
from projections.clientes.tabla import FilaDeVinculo
from projections.motor.proyeccion import Conmutador
from projections.motor.tabla import F

JUNTOS = 500
"""Streams folded at a time: a client may have been paid a hundred thousand times."""


def doblar(conmutador: Conmutador[F], contados: Iterable[Contado]) -> dict[str, F]:
    """The rows that a switchboard makes of events, by key."""
    filas: dict[str, F] = {}
    for contado in contados:
        conmutador.aplicar(filas, contado.evento, contado.posicion)
    return filas


def vinculos_de(sistema: Sistema, cliente: str, hasta: datetime | None) -> Iterator[FilaDeVinculo]:
    """The payments, in any state, that counted for a client's id by what was recorded at ``hasta``; None for now.

    Which payments may be meant is read in the clients' tables, which must be up to date.
    """
    with sistema.motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        candidatos = iter(vinculados(conexion, cliente))
    while ids := list(islice(candidatos, JUNTOS)):
        filas = doblar(clientes.pagos, contar(sistema.tienda, sistema.pagos, *ids, hasta=hasta)).values()
        duenos = _duenos(sistema, {fila.campania_id for fila in filas if fila.campania_id is not None}, hasta)
        for fila in filas:
            if not fila.cliente_dicho:
                fila.cliente_id = duenos.get(fila.campania_id or "", fila.cliente_id)
            if fila.cliente_id == cliente:
                yield fila


def _duenos(sistema: Sistema, campanias: Iterable[str], hasta: datetime | None) -> dict[str, str]:
    """The client of each campaign that had been created by then."""
    creadas: Sequence[Contado] = contar(sistema.tienda, sistema.campanias, *campanias, hasta=1)
    entonces = [una for una in creadas if hasta is None or sabido(una.evento, hasta)]
    return {campania: dueno.cliente_id for campania, dueno in doblar(clientes.campanias, entonces).items()}
