"""The pages of the BFF: at 1,000,000 payouts against themselves at 10,000, against a plain handler, with memory on
and off. Each request is a WSGI call in this process: what is compared is the work, not the sockets."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter
from typing import Any

import psycopg
from flask import Flask
from werkzeug.test import EnvironBuilder

from bff.infrastructure.config import Ajustes
from bff.infrastructure.web.app import create_bff_app
from gateway.config import Config
from tests.banco.listas import CHICA, GRANDE, PLANA, SEGUNDOS, TAMANOS
from tests.banco.llenar import llenar
from tests.banco.medir import Razon, comparar
from tests.banco.par_bff import crear_app

CORTAS = 3
DETALLES = ("clientes/c77", "campanias/K77")
PAGINAS = (
    "pagos",
    "pagos?partner_id=PARTNER001",
    "pagos?estado=PENDING",
    "pagos?estado=FAILED",
    "pagos?fecha_desde=2026-01-05&fecha_hasta=2026-01-05",
    "pagos?monto_min=4000",
    "clientes",
    "clientes?sort_by=nombre&sort_order=asc",
    "campanias",
    "campanias?estado=ACTIVA",
    "campanias?cliente_id=c77",
    "dashboard",
    "search?q=PARTNER033",
    *DETALLES,
)
"""Page 1, one filter at most. What a search for a surname costs is what it finds: see ``listas``."""
DE_VEINTE = "pagos?per_page=20"


def medir(config: Config, rondas: int) -> list[Razon]:
    """Ratios of requests a second."""
    db_url = str(config.db_url)
    for esquema, (cuantos_pagos, cuantos_clientes) in TAMANOS.items():
        llenar(db_url, esquema, cuantos_pagos, cuantos_clientes)
    with _bff(db_url, CHICA, 0) as chica, _bff(db_url, GRANDE, 0) as grande, _bff(db_url, GRANDE, 300) as de_memoria:
        lineas: list[Razon] = []
        for pagina in PAGINAS:
            pares = {"con 10.000": (_ritmo(chica, pagina), PLANA)}
            titulo = f"GET {pagina}, 1.000.000 de pagos"
            lineas += comparar(titulo, _ritmo(grande, pagina), pares, rondas * CORTAS)
        pares = {"con 10.000": (_ritmo(chica, _un_pago(db_url, CHICA)), PLANA)}
        titulo = "GET pagos/{id}, 1.000.000 de pagos"
        lineas += comparar(titulo, _ritmo(grande, _un_pago(db_url, GRANDE)), pares, rondas * CORTAS)
        llano = crear_app(_en(db_url, GRANDE))
        pares = {"Flask y SQLAlchemy, las mismas dos consultas": (_ritmo(llano, DE_VEINTE), 1.0)}
        lineas += comparar(f"GET {DE_VEINTE}, sin memoria", _ritmo(grande, DE_VEINTE), pares, rondas * CORTAS)
        lineas += comparar(f"GET {DE_VEINTE}, con memoria", _ritmo(de_memoria, DE_VEINTE), pares, rondas * CORTAS)
        pares = {"sin memoria": (_ritmo(grande, "dashboard"), 3.0)}
        lineas += comparar("GET dashboard, con memoria", _ritmo(de_memoria, "dashboard"), pares, rondas * CORTAS)
        llano.extensions["motor"].dispose()
        return lineas


@contextmanager
def _bff(db_url: str, esquema: str, memoria: float) -> Iterator[Flask]:
    app = create_bff_app(Ajustes(_en(db_url, esquema), cache_timeout=memoria))
    try:
        yield app
    finally:
        app.extensions["contenedor"].cerrar()


def _un_pago(db_url: str, esquema: str) -> str:
    with psycopg.connect(_en(db_url, esquema)) as conexion:
        fila = conexion.execute("SELECT id FROM payouts ORDER BY id LIMIT 1").fetchone()
        assert fila is not None
        return f"pagos/{fila[0]}"


def _en(db_url: str, esquema: str) -> str:
    return f"{db_url}?options=-csearch_path%3D{esquema},public"


def _ritmo(app: Flask, pagina: str) -> Callable[[], float]:
    """Ask again and again for SEGUNDOS; gives answers a second."""
    ruta, _, consulta = pagina.partition("?")
    entorno = EnvironBuilder(
        f"/api/v1/{ruta}", query_string=consulta, base_url="http://127.0.0.1", environ_base={"REMOTE_ADDR": "127.0.0.1"}
    ).get_environ()
    return partial(_pedir_por_un_rato, app, entorno)


def _pedir_por_un_rato(app: Flask, entorno: dict[str, Any]) -> float:
    inicio, veces = perf_counter(), 0
    while (pasados := perf_counter() - inicio) < SEGUNDOS:
        _pedir(app, {**entorno, "wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO()})
        veces += 1
    return veces / pasados


def _pedir(app: Flask, entorno: dict[str, Any]) -> None:
    def empezar(estado: str, *_: Any) -> Callable[[bytes], object]:
        if not estado.startswith("200"):
            raise RuntimeError(f"{entorno['PATH_INFO']}: {estado}")
        return lambda _: None

    cuerpo = app.wsgi_app(entorno, empezar)
    for _ in cuerpo:
        pass
    getattr(cuerpo, "close", lambda: None)()
