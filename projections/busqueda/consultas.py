"""One needle in clients, payouts and campaigns."""
# ruff: noqa: S608  # the pieces of SQL are this room's own; what callers say travels as parameters

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, TextClause, text

from projections.busqueda.pagos import PagoHallado, buscar_pagos
from projections.busqueda.plegado import como_buscable, plegar
from projections.busqueda.relevancia import nivel, patrones


def _de_clientes(halla: str, buscable: str) -> TextClause:
    # What is shown is fetched for the few that are.
    return text(
        f"""
        WITH hallados AS (
            SELECT id, fecha_registro, count(*) OVER () AS total, {nivel(buscable, "lower(id)")} AS nivel
            FROM clientes WHERE busqueda IS NOT NULL AND ({halla} OR lower(id) LIKE :contiene)
            ORDER BY nivel DESC, fecha_registro DESC, id DESC LIMIT :limite
        )
        SELECT c.id, c.nombre, c.email, h.nivel, h.total FROM hallados h JOIN clientes c ON c.id = h.id
        ORDER BY h.nivel DESC, h.fecha_registro DESC, h.id DESC
        """
    )


_CLIENTES = _de_clientes("busqueda LIKE :contiene", "busqueda")
# Relevance, too, would tell how an email begins.
_CLIENTES_POR_NOMBRE = _de_clientes(
    "busqueda LIKE :contiene AND nombre_plegado LIKE :contiene", como_buscable("nombre_plegado")
)
_CAMPANIAS = text(
    f"""
    WITH hallados AS (
        SELECT id, fecha_creacion, count(*) OVER () AS total, {nivel("busqueda")} AS nivel
        FROM campanias WHERE busqueda LIKE :contiene
        ORDER BY nivel DESC, fecha_creacion DESC, id DESC LIMIT :limite
    )
    SELECT c.id, c.nombre, c.cliente_id, (SELECT k.nombre FROM clientes k WHERE k.id = c.cliente_id) AS cliente_nombre,
        h.nivel, h.total
    FROM hallados h JOIN campanias c ON c.id = h.id
    ORDER BY h.nivel DESC, h.fecha_creacion DESC, h.id DESC
    """
)


class Tipo(StrEnum):
    """What may be searched."""

    CLIENTE = "cliente"
    PAGO = "pago"
    CAMPANIA = "campania"


@dataclass(frozen=True)
class ClienteHallado:
    id: str
    nombre: str
    email: str
    relevancia: float


@dataclass(frozen=True)
class CampaniaHallada:
    """``cliente_nombre`` is None while its client is not registered, or forgotten."""

    id: str
    nombre: str
    cliente_id: str
    cliente_nombre: str | None
    relevancia: float


@dataclass(frozen=True)
class Hallazgos:
    """The most relevant of each type, best first, then newest. ``total`` counts every match, shown or not."""

    total: int
    clientes: tuple[ClienteHallado, ...]
    pagos: tuple[PagoHallado, ...]
    campanias: tuple[CampaniaHallada, ...]


def buscar(
    con: Connection, q: str, tipos: Collection[Tipo] = tuple(Tipo), limite: int = 5, *, por_email: bool = True
) -> Hallazgos:
    """What holds ``q``, literally, accents, case and doubled spaces aside: ``limite`` of each of ``tipos`` at most.

    It is looked for in ids, nombre and email of clients (the forgotten are not found), in ids, partner_id and cycle_id
    of payouts, in ids and nombre of campaigns. Not ``por_email``: in no email, for who may not see them and could
    guess one letter by letter. A ``q`` without any letter, cipher or sign finds nothing. ``con`` is a ``foto``.
    """
    aguja = plegar(q)
    if not aguja:
        return Hallazgos(0, (), (), ())
    valores = {**patrones(aguja), "limite": limite}
    de_clientes = _CLIENTES if por_email else _CLIENTES_POR_NOMBRE
    clientes = con.execute(de_clientes, valores).all() if Tipo.CLIENTE in tipos else []
    campanias = con.execute(_CAMPANIAS, valores).all() if Tipo.CAMPANIA in tipos else []
    de_pagos, pagos = buscar_pagos(con, aguja, limite) if Tipo.PAGO in tipos else (0, ())
    return Hallazgos(
        total=sum(filas[0].total for filas in (clientes, campanias) if filas) + de_pagos,
        clientes=tuple(ClienteHallado(una.id, una.nombre, una.email, float(una.nivel)) for una in clientes),
        pagos=pagos,
        campanias=tuple(
            CampaniaHallada(una.id, una.nombre, una.cliente_id, una.cliente_nombre, float(una.nivel))
            for una in campanias
        ),
    )
