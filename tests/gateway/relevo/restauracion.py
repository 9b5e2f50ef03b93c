"""Restores of databases, and what must be true of a topic after them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from gateway.local.postgres import ROL
from gateway.local.pulsar import PulsarLocal
from gateway.pulsar.alineacion import mirar
from gateway.pulsar.diferencias import Alineacion
from gateway.pulsar.lugares import lugares_de
from gateway.pulsar.reparacion import reparar
from tests.eventualmente import eventualmente
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.relevo.conftest import mesa_en
from tests.gateway.relevo.test_relevo import pedir


@contextmanager
def restaurada(mesa: Mesa, postgres: str, broker: PulsarLocal) -> Iterator[Mesa]:
    """``mesa`` on an exact copy of its database as it is now: what happens to the first is lost in the second."""
    origen = conninfo_to_dict(str(mesa.config.db_url))
    copia = f"{origen['dbname']}_copia"
    partes = map(sql.Identifier, (copia, ROL, str(origen["dbname"])))
    mesa.sistema.cerrar()
    with psycopg.connect(postgres, autocommit=True) as conexion:
        conexion.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(*partes))
        try:
            url = f"postgresql://{origen['user']}:{origen['password']}@{origen['host']}:{origen['port']}/{copia}"
            with mesa_en(url, broker, mesa.config.topics) as otra:
                yield otra
        finally:
            conexion.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copia)))


def ver(mesa: Mesa, **lo_demas: Any) -> Alineacion:
    return mirar(mesa.sistema.pagos, mesa.config, mesa.cliente, lambda: lugares_de(mesa.sistema, "pagos"), **lo_demas)


def alinear(mesa: Mesa, **lo_demas: Any) -> Alineacion:
    return reparar(mesa.sistema.pagos, mesa.sistema, mesa.config, mesa.cliente, **lo_demas)


def exigir_contado_una_vez(mesa: Mesa, *, en_orden: bool = True) -> None:
    """Everything that the log tells is on the topic once, each aggregate's in its order."""
    debidos = {(uno.event_id, uno.ocurrido_en) for uno in mesa.por_contar()}

    def vistos() -> list[tuple[str, str]]:
        return [(uno.mensaje.event_id, uno.mensaje.ocurrido_en) for uno in mesa.contados()]

    eventualmente(vistos, lambda dichos: debidos <= set(dichos))
    veces = Counter(vistos())
    assert {veces[uno] for uno in debidos} == {1}
    if not en_orden:
        return
    por_agregado: dict[str, list[int]] = {}
    for uno in mesa.contados():
        if (uno.mensaje.event_id, uno.mensaje.ocurrido_en) in debidos:
            por_agregado.setdefault(uno.mensaje.aggregate_id, []).append(uno.mensaje.secuencia)
    assert all(orden == sorted(orden) for orden in por_agregado.values())


def vaciar(mesa: Mesa) -> None:
    """Have the broker let go of all messages, as it does of old ones, and of nothing that it remembers."""
    # What is open isn't let go of.
    pedir(mesa, "PUT", "/unload")
    mesa.contados()
    pedir(mesa, "DELETE", "/truncate")
    assert eventualmente(mesa.contados, lambda contados: not contados) == []
