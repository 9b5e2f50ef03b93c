"""Pages at hand: made once, never older than what the client knows of, gone with what changed."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, text

from bff.infrastructure.web.respuestas import Hecha
from tests.bff.conftest import bff_en
from tests.eventualmente import eventualmente
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, cliente, pagado, payout, renombrar, tras

PAGOS = "/api/v1/pagos"


@pytest.fixture
def app(db_url: str) -> Iterator[Flask]:
    with bff_en(db_url) as app:
        yield app


@pytest.fixture
def lectura(app: Flask) -> Lectura:
    return Lectura(app.extensions["contenedor"].motor)


@contextmanager
def contando(motor: Engine, palabra: str) -> Iterator[list[str]]:
    """The statements that name ``palabra``, while a ``with`` block lasts."""
    vistas: list[str] = []

    def anotar(_: Any, __: Any, consulta: str, *___: Any) -> None:
        if palabra in consulta:
            vistas.append(consulta)

    event.listen(motor, "before_cursor_execute", anotar)
    try:
        yield vistas
    finally:
        event.remove(motor, "before_cursor_execute", anotar)


def salud(app: Flask) -> dict[str, Any]:
    cuerpo: Any = app.test_client().get("/api/v1/health").json
    return dict(cuerpo["cache"])


def test_una_pagina_se_hace_una_vez_y_la_salud_dice_cuantas_estaban_a_mano(app: Flask, lectura: Lectura) -> None:
    lectura.ocurre("pagos", pagado("payout-1"))
    bff = app.test_client()
    primera = bff.get(PAGOS)
    with contando(lectura.motor, "FROM payouts") as consultas:
        # The same page, said otherwise.
        assert bff.get(f"{PAGOS}?page=1&estado=&per_page=").data == primera.data
        assert bff.get(PAGOS).headers["ETag"] == primera.headers["ETag"]
    assert consultas == []
    assert salud(app) == {"hits": 2, "misses": 1, "hit_rate": 0.667}


def test_muchas_peticiones_a_la_vez_hacen_la_pagina_una_vez(app: Flask, lectura: Lectura) -> None:
    lectura.ocurre("pagos", pagado("payout-1"))
    app.test_client().get("/api/v1/clientes")
    barrera = threading.Barrier(12)

    def pedir(_: int) -> bytes:
        barrera.wait()
        return bytes(app.test_client().get(f"{PAGOS}?partner_id=partner").data)

    with contando(lectura.motor, "FROM payouts ") as consultas, ThreadPoolExecutor(12) as hilos:
        respuestas = set(hilos.map(pedir, range(12)))
    assert len(respuestas) == 1
    assert len(consultas) == 1
    assert salud(app) == {"hits": 11, "misses": 2, "hit_rate": 0.846}


def test_quien_espera_una_posicion_nunca_ve_una_pagina_anterior(app: Flask, lectura: Lectura) -> None:
    bff = app.test_client()
    for numero in range(1, 6):
        assert bff.get(PAGOS).json["pagination"]["total"] == numero - 1  # type: ignore[index]
        lectura.ocurre("pagos", payout(f"payout-{numero}"))
        posicion = f"pagos:{lectura.logs['pagos'].cabeza()},cliente:0"
        visto: Any = bff.get(PAGOS, headers={"X-Posicion-Minima": posicion}).json
        assert visto["pagination"]["total"] == numero


def test_un_cambio_saca_lo_que_toca_y_deja_lo_demas(app: Flask, lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente("ana"))
    lectura.ocurre("pagos", pagado("payout-1"))
    bff = app.test_client()
    bff.get(PAGOS), bff.get("/api/v1/clientes")
    quien = cliente("ana")
    quien.collect_events()
    with a_las(tras(10)):
        renombrar(quien, "Ana Ruiz")
    lectura.ocurre("clientes", quien)
    visto = eventualmente(lambda: bff.get("/api/v1/clientes").text, lambda dicho: "Ana Ruiz" in dicho)
    assert "Ana Díaz" not in visto
    with contando(lectura.motor, "FROM payouts") as consultas:
        bff.get(PAGOS)
    assert consultas == []


def test_los_datos_de_quien_fue_olvidado_no_quedan_en_la_memoria(app: Flask, lectura: Lectura) -> None:
    quien = cliente("ana", nombre="Inconfundible")
    lectura.ocurre("clientes", quien)
    bff = app.test_client()
    bff.get("/api/v1/clientes"), bff.get("/api/v1/dashboard"), bff.get("/api/v1/search?q=inconf")
    with a_las(tras(10)):
        quien.anonimizar("lo pidió")
    lectura.ocurre("clientes", quien)
    # Any request that looks at the marks will do.
    eventualmente(lambda: (bff.get(PAGOS), _guardado(app))[1], lambda dicho: b"Inconfundible" not in dicho)


def test_tampoco_quedan_en_una_pagina_que_se_hacia_mientras_se_le_olvidaba(app: Flask, lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente("ana"))

    def hacer() -> Hecha:
        lectura.ocurre("clientes", cliente("beto"))
        app.test_client().get("/api/v1/clientes", headers={"X-Posicion-Minima": "cliente:2"})
        return Hecha(b"Inconfundible", "huella")

    assert app.extensions["paginas"].servir("clave", ("clientes",), hacer, al_dia=True).cuerpo == b"Inconfundible"
    assert b"Inconfundible" not in _guardado(app)


def test_lo_mismo_que_ya_se_tiene_es_un_304(app: Flask, lectura: Lectura) -> None:
    lectura.ocurre("pagos", pagado("payout-1"))
    lectura.ocurre("clientes", cliente("ana"))
    bff = app.test_client()
    for ruta in ("pagos", "pagos/payout-1", "clientes", "clientes/ana", "campanias", "dashboard", "search?q=ana"):
        primera = bff.get(f"/api/v1/{ruta}")
        assert primera.headers["ETag"].startswith('W/"'), ruta
        otra = bff.get(f"/api/v1/{ruta}", headers={"If-None-Match": primera.headers["ETag"]})
        assert (otra.status_code, otra.data) == (304, b""), ruta
        assert otra.headers["ETag"] == primera.headers["ETag"]
    lectura.ocurre("pagos", pagado("payout-2"))
    eventualmente(
        lambda: bff.get(PAGOS, headers={"If-None-Match": bff.get(PAGOS).headers["ETag"]}).status_code,
        lambda estado: estado == 304,
    )


def test_una_pagina_a_medias_no_se_guarda(app: Flask, lectura: Lectura) -> None:
    lectura.ocurre("pagos", pagado("payout-1"))
    bff = app.test_client()
    with lectura.motor.begin() as con:
        con.execute(text("ALTER TABLE campanias_por_estado RENAME TO escondida"))
    rota: Any = bff.get("/api/v1/dashboard").json
    assert (rota["total_campanias"], rota["notas"]) == (None, {"campanias": "El servicio no responde"})
    with lectura.motor.begin() as con:
        con.execute(text("ALTER TABLE escondida RENAME TO campanias_por_estado"))
    entera: Any = bff.get("/api/v1/dashboard").json
    assert (entera["total_campanias"], "notas" in entera) == (0, False)


def test_con_la_memoria_apagada_cada_peticion_lee(db_url: str) -> None:
    with bff_en(db_url, cache_timeout=0) as app:
        bff = app.test_client()
        with contando(app.extensions["contenedor"].motor, "FROM payouts") as consultas:
            bff.get(PAGOS), bff.get(PAGOS)
        assert len(consultas) == 2
        assert salud(app) == {"hits": 0, "misses": 2, "hit_rate": 0.0}


def _guardado(app: Flask) -> bytes:
    almacen = app.extensions["paginas"]._almacen
    return b"".join(una.cuerpo for una in almacen._paginas.values())
