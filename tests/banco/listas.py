"""Lists, dashboard and search at 1,000,000 payouts: against themselves at 10,000, and against SQL written by hand."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, make_url

from domain.campanias.estado import Estado as EstadoDeCampania
from domain.pagos.estado import Estado
from gateway.config import Config
from projections.busqueda.consultas import buscar
from projections.campanias.consultas import listar as campanias
from projections.campanias.consultas import por_estado
from projections.clientes.consultas import listar as clientes
from projections.motor.foto import foto
from projections.payouts.consultas import listar as pagos
from projections.payouts.filtro import CUBETAS, Filtro
from tests.banco import a_mano
from tests.banco.llenar import llenar
from tests.banco.medir import Razon, comparar

CHICA, GRANDE = "chica", "grande"
TAMANOS = {CHICA: (10_000, 2_000), GRANDE: (1_000_000, 200_000)}
"""Payouts and clients, by schema."""
PLANA = 1 / 1.5
"""A page at 1,000,000 takes at most 1.5 times as long as at 10,000."""
A_LA_PAR = 1 / 1.2
"""A page takes at most 1.2 times as long as the SQL written by hand."""
SEGUNDOS = 0.1
"""How long each side is asked again and again, each round."""
CORTAS = 4
"""Short rounds of the quick pages for each one asked for: what disturbs the machine then disturbs both sides alike."""
DESDE, HASTA = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 19, 23, 59, 59, 999999, tzinfo=UTC)
MINIMO, MAXIMO = Decimal("100.50"), Decimal("3000")

Pagina = Callable[[Connection], Any]
PAGINAS: dict[str, Pagina] = {
    "pagos": lambda con: pagos(con, Filtro()),
    "pagos de un partner con la quinta parte": lambda con: pagos(con, Filtro(partner_id="PARTNER001")),
    "pagos de un partner cualquiera": lambda con: pagos(con, Filtro(partner_id="PARTNER033")),
    "pagos COMPLETADO": lambda con: pagos(con, Filtro(estados=frozenset({Estado.COMPLETADO}))),
    "pagos PENDING": lambda con: pagos(con, Filtro(estados=CUBETAS["PENDING"])),
    "pagos FAILED": lambda con: pagos(con, Filtro(estados=CUBETAS["FAILED"])),
    "clientes": clientes,
    "clientes por nombre": lambda con: clientes(con, orden="nombre", sentido="asc"),
    "campañas": campanias,
    "campañas ACTIVA": lambda con: campanias(con, de_estados=[EstadoDeCampania.ACTIVA]),
    "campañas de un cliente": lambda con: campanias(con, cliente_id="c77"),
    "tablero": lambda con: (pagos(con, Filtro(), por_pagina=5), clientes(con, por_pagina=5), por_estado(con)),
}
DE_PARTNER = {"partner": "PARTNER001", "estado": "FALLIDO", "desde": DESDE, "hasta": HASTA}
DE_MONTOS = {"desde": DESDE, "hasta": HASTA, "minimo": MINIMO, "maximo": MAXIMO, "partner": "PARTNER001"}
ENTRE_FECHAS = "fecha_creacion >= %(desde)s AND fecha_creacion <= %(hasta)s"
ENTRE_MONTOS = "monto >= %(minimo)s AND monto <= %(maximo)s"
DIFICILES: dict[str, tuple[Pagina, list[a_mano.Pedido]]] = {
    "pagos, página 25.000": (lambda con: pagos(con, Filtro(), 25_000), a_mano.pagos("true", {}, 25_000)),
    "pagos COMPLETADO, página 12.000": (
        lambda con: pagos(con, Filtro(estados=frozenset({Estado.COMPLETADO})), 12_000),
        a_mano.pagos("estado = 'COMPLETADO'", {}, 12_000),
    ),
    "pagos de partner, estado y fechas": (
        lambda con: pagos(con, Filtro("PARTNER001", frozenset({Estado.FALLIDO}), DESDE, HASTA)),
        a_mano.pagos(f"partner_id = %(partner)s AND estado = %(estado)s AND {ENTRE_FECHAS}", DE_PARTNER),
    ),
    "pagos entre fechas y montos": (
        lambda con: pagos(con, Filtro(desde=DESDE, hasta=HASTA, monto_min=MINIMO, monto_max=MAXIMO)),
        a_mano.pagos(f"{ENTRE_FECHAS} AND {ENTRE_MONTOS}", DE_MONTOS),
    ),
    "pagos de partner entre montos": (
        lambda con: pagos(con, Filtro("PARTNER001", monto_min=MINIMO, monto_max=MAXIMO)),
        a_mano.pagos(f"partner_id = %(partner)s AND {ENTRE_MONTOS}", DE_MONTOS),
    ),
    "pagos desde un monto, página 25.000": (
        lambda con: pagos(con, Filtro(monto_min=MINIMO), 25_000),
        a_mano.pagos("monto >= %(minimo)s", DE_MONTOS, 25_000),
    ),
    "clientes que se llaman carla rojas": (
        lambda con: clientes(con, buscar="Carla ROJAS"),
        a_mano.clientes("carla rojas"),
    ),
    "búsqueda de un apellido": (lambda con: buscar(con, "Ñáñez"), a_mano.busqueda("nanez")),
    "búsqueda de un partner": (lambda con: buscar(con, "partner033"), a_mano.busqueda("partner033")),
    "búsqueda de un trozo de id": (lambda con: buscar(con, "c0ffee"), a_mano.busqueda("c0ffee")),
    "búsqueda de dos letras": (lambda con: buscar(con, "ru"), a_mano.busqueda("ru")),
}


def medir(config: Config, rondas: int) -> list[Razon]:
    """Ratios of pages a second, each page in a snapshot of its own."""
    db_url = str(config.db_url)
    for esquema, (cuantos_pagos, cuantos_clientes) in TAMANOS.items():
        llenar(db_url, esquema, cuantos_pagos, cuantos_clientes)
    motores = {esquema: _motor(db_url, esquema) for esquema in TAMANOS}
    try:
        return [*_contra_si_mismas(motores, rondas), *_contra_sql(motores[GRANDE], db_url, rondas)]
    finally:
        for motor in motores.values():
            motor.dispose()


def _contra_si_mismas(motores: dict[str, Engine], rondas: int) -> list[Razon]:
    lineas: list[Razon] = []
    for nombre, pagina in PAGINAS.items():
        chica, grande = (_ritmo(partial(_pedir, motores[esquema], pagina)) for esquema in (CHICA, GRANDE))
        lineas += comparar(f"{nombre}, 1.000.000 de pagos", grande, {"con 10.000": (chica, PLANA)}, rondas * CORTAS)
    return lineas


def _contra_sql(motor: Engine, db_url: str, rondas: int) -> list[Razon]:
    lineas: list[Razon] = []
    with a_mano.conectar(db_url, GRANDE) as conexion:
        for nombre, (pagina, pedidos) in DIFICILES.items():
            nuestra, suya = partial(_pedir, motor, pagina), partial(a_mano.responder, conexion, pedidos)
            _exigir_lo_mismo(nombre, nuestra(), suya())
            lineas += comparar(nombre, _ritmo(nuestra), {"SQL a mano": (_ritmo(suya), A_LA_PAR)}, rondas)
    return lineas


def _pedir(motor: Engine, pagina: Pagina) -> Any:
    with foto(motor) as con:
        return pagina(con)


def _ritmo(pedir: Callable[[], object]) -> Callable[[], float]:
    """Ask again and again for SEGUNDOS; gives answers a second."""

    def medir_una_vez() -> float:
        inicio, veces = perf_counter(), 0
        while (pasados := perf_counter() - inicio) < SEGUNDOS:
            pedir()
            veces += 1
        return veces / pasados

    return medir_una_vez


def _exigir_lo_mismo(nombre: str, nuestra: Any, suya: list[list[tuple[Any, ...]]]) -> None:
    """Both sides must answer the same: the same rows in the same order, and as many in all."""
    if hasattr(nuestra, "filas"):
        total = nuestra.agregados.total if hasattr(nuestra, "agregados") else nuestra.total
        propio = (total, [fila.id for fila in nuestra.filas])
        ajeno = (sum(next(valor for valor in fila if isinstance(valor, int)) for fila in suya[0]), _ids(suya[1]))
    else:
        listas = (nuestra.clientes, nuestra.pagos, nuestra.campanias)
        propio = (nuestra.total, [uno.id for lista in listas for uno in lista])
        ajeno = (sum(filas[0][-1] for filas in suya if filas), [id_ for filas in suya for id_ in _ids(filas)])
    if propio != ajeno:
        raise RuntimeError(f"{nombre}: la respuesta y la de SQL difieren: {propio} y {ajeno}")


def _ids(filas: list[tuple[Any, ...]]) -> list[str]:
    return [fila[0] for fila in filas]


def _motor(db_url: str, esquema: str) -> Engine:
    return create_engine(
        make_url(db_url).set(drivername="postgresql+psycopg"),
        connect_args={"options": f"-c search_path={esquema},public", "prepare_threshold": None},
    )
