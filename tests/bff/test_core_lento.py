"""A core that takes its time costs nobody else any: whoever waits for it keeps no place."""

import threading
import time
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gateway.entrada import LLEGADA, Turnos
from tests.bff.conftest import bff_en, conectado
from tests.eventualmente import eventualmente
from tests.servidor_http import Atencion, servir

PAGO = {"partner_id": "P", "cycle_id": "C", "total_amount": 10, "currency": "USD"}
LARGAS: dict[str, dict[str, Any]] = {
    "una orden": {"method": "POST", "path": "/api/v1/pagos", "json": PAGO},
    "un detalle que no está": {"path": "/api/v1/pagos/payout-1"},
    "el pasado": {"path": "/api/v1/pagos/payout-1?como_de=2026-01-01"},
}
CUANTAS = 6


class CoreQueTarda:
    """Answers nobody before ``ya``."""

    def __init__(self) -> None:
        self.ya, self.pedidas = threading.Event(), 0

    def atender(self, peticion: Atencion) -> None:
        self.pedidas += 1
        self.ya.wait()
        peticion.contestar(b'{"error": "No hay"}', 404)


@pytest.mark.parametrize("cual", LARGAS)
def test_quien_espera_al_core_no_ocupa_el_turno_de_nadie(db_url: str, cual: str) -> None:
    core, contestadas = CoreQueTarda(), list[int]()
    with ExitStack() as al_final:
        app = al_final.enter_context(bff_en(db_url, al_final.enter_context(servir(core.atender)), request_timeout=120))
        al_final.callback(core.ya.set)
        # One request at work at a time, and one that reads its body: nobody else who waits is in anybody's way.
        esperas = CUANTAS if cual == "una orden" else 1
        app.wsgi_app = Turnos(app.wsgi_app, cuantos=1, esperas=esperas, plazo=60)  # type: ignore[method-assign, assignment]
        conectado(app)
        hilos = [
            threading.Thread(target=lambda: contestadas.append(_pedir(app, cual).status_code)) for _ in range(CUANTAS)
        ]
        for hilo in hilos:
            hilo.start()
        eventualmente(lambda: core.pedidas, bool)
        assert app.test_client().get("/api/v1/dashboard").status_code == 200
        assert contestadas == []
        core.ya.set()
        for hilo in hilos:
            hilo.join()
    assert contestadas == [404] * CUANTAS


@pytest.mark.parametrize(
    "ruta", ["dashboard", "clientes", "clientes/ana", "search?q=ana", "pagos/p-1?como_de=2026-01-01"]
)
def test_lo_que_espero_su_turno_tambien_es_tiempo_de_la_peticion(db_url: str, ruta: str) -> None:
    core = CoreQueTarda()
    with servir(core.atender) as url, bff_en(db_url, url) as app:
        respuesta = app.test_client().get(f"/api/v1/{ruta}", environ_overrides={LLEGADA: time.monotonic() - 3600})
        core.ya.set()
    assert (respuesta.status_code, respuesta.headers["X-Codigo-Error"]) == (504, "SERVICIO_LENTO")
    assert core.pedidas == 0


def _pedir(app: Flask, cual: str) -> TestResponse:
    return app.test_client().open(**LARGAS[cual])
