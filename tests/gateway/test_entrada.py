"""A body that does not come in time is a 408 in each API's own shape, and nobody else waits for it."""

import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx2
import psutil
from flask import Flask, request

from gateway.config import RAIZ
from gateway.entrada import Turnos, leer_crudo
from gateway.http.app import crear_app
from gateway.local.sistema import puerto_libre
from tests.bff.conftest import bff_en
from tests.eventualmente import eventualmente
from tests.gateway.sistema import config_de, sistema_en

PLAZO = 0.2
LENTOS = 64
SERVIDOR = """
import sys
from pathlib import Path
from gateway.servidor import Sitio, servir
from tests.gateway.test_entrada import eco
servir(Sitio("127.0.0.1", int(sys.argv[1]), Path(sys.argv[2]), "PUERTO"), eco, plazo=4)
"""


class Tardia:
    """The body of somebody who takes too long: until ``ya``, and longer."""

    def __init__(self) -> None:
        self.ya = threading.Event()

    def read(self, _: int) -> bytes:
        self.ya.wait(60)
        threading.Event().wait(1.5 * PLAZO)
        return b"{}"


def test_lo_que_no_llega_a_tiempo_es_un_408_y_mientras_tanto_otros_pasan(db_url: str) -> None:
    with sistema_en(db_url) as sistema, bff_en(db_url) as bff:
        _probar(crear_app(sistema, config_de(db_url)), "/pagos/pagar", "/pagos/nadie", {"error"})
        _probar(bff, "/api/v1/clientes", "/api/v1/clientes", {"error", "message"})


def test_quien_espera_a_las_tablas_no_ocupa_el_turno_de_nadie(db_url: str) -> None:
    with sistema_en(db_url) as sistema, bff_en(db_url) as bff:
        for app, consulta in ((crear_app(sistema, config_de(db_url)), "/pagos/nadie"), (bff, "/api/v1/pagos")):
            app.wsgi_app = Turnos(app.wsgi_app, cuantos=1, esperas=8, plazo=PLAZO)  # type: ignore[method-assign, assignment]
            dichos: list[int] = []

            def pedir(app: Flask = app, consulta: str = consulta, dichos: list[int] = dichos) -> None:
                dicho = app.test_client().get(consulta, headers={"X-Posicion-Minima": "pagos:999999"})
                dichos.append(dicho.status_code)

            hilos = [threading.Thread(target=pedir) for _ in range(8)]
            empezo = time.monotonic()
            for hilo in hilos:
                hilo.start()
            for hilo in hilos:
                hilo.join(60)
            # Each waits two seconds: one after the other they would take sixteen.
            assert (dichos, time.monotonic() - empezo < 10) == ([503] * 8, True)


def _probar(app: Flask, orden: str, consulta: str, claves: set[str]) -> None:
    app.wsgi_app = Turnos(app.wsgi_app, cuantos=1, esperas=1, plazo=PLAZO)  # type: ignore[method-assign, assignment]
    tardia = Tardia()
    pedido: dict[str, Any] = {"wsgi.input": tardia, "CONTENT_LENGTH": "2", "CONTENT_TYPE": "application/json"}
    dichos: list[Any] = []

    def pedir() -> None:
        dichos.append(app.test_client().post(orden, environ_overrides=pedido))

    hilos = [threading.Thread(target=pedir) for _ in range(2)]
    for hilo in hilos:
        hilo.start()
    # One of them may wait. There is one turn only: whoever waits for his body lends it.
    eventualmente(lambda: len(dichos), lambda contestados: contestados == 1)
    assert app.test_client().get(consulta).status_code in (200, 404)
    tardia.ya.set()
    for hilo in hilos:
        hilo.join(60)
    de_mas, lento = sorted(dichos, key=lambda dicho: -dicho.status_code)
    assert (lento.status_code, lento.headers["X-Codigo-Error"]) == (408, "CUERPO_LENTO")
    assert (de_mas.status_code, de_mas.headers["Retry-After"]) == (503, "1")
    for dicho in dichos:
        assert (set(dicho.json), dicho.headers["Connection"]) == (claves, "close")


def eco() -> Flask:
    """Answers what it is sent."""
    app = Flask(__name__)
    app.add_url_rule("/", view_func=lambda: leer_crudo(request), methods=["GET", "POST"], endpoint="eco")
    return app


def test_quien_no_envia_lo_que_anuncia_o_gotea_no_detiene_a_nadie_y_se_va_con_un_408(tmp_path: Path) -> None:
    puerto = puerto_libre()
    url = f"http://127.0.0.1:{puerto}/"
    with (
        subprocess.Popen([sys.executable, "-c", SERVIDOR, str(puerto), str(tmp_path)], cwd=RAIZ) as servidor,
        ExitStack() as canales,
    ):
        try:
            eventualmente(lambda: _responde(url), bool)
            trabajadores = psutil.Process(servidor.pid).children()
            abiertos = [uno.num_fds() for uno in trabajadores]
            lentos = [canales.enter_context(_que_anuncia(puerto, b"{" * (n % 2))) for n in range(LENTOS)]
            # A connection each: the kernel spreads them over the workers.
            otros = canales.enter_context(httpx2.Client(timeout=60, headers={"Connection": "close"}))
            empezo = time.monotonic()
            for numero in range(10):
                assert otros.post(url, json=numero).json() == numero
            # As many turns as there are would be free after four times four seconds.
            assert time.monotonic() - empezo < 10
            dichos = eventualmente(lambda: [_gotear(uno) for uno in lentos], all)
            assert {dicho[:13] for dicho in dichos} == {b"HTTP/1.1 408 "}
            assert otros.post(url, json=7).json() == 7
            canales.close()
            eventualmente(
                lambda: [uno.num_fds() for uno in trabajadores], lambda vistos: sum(vistos) < sum(abiertos) + 10
            )
        finally:
            servidor.terminate()


def _que_anuncia(puerto: int, trozo: bytes) -> socket.socket:
    canal = socket.create_connection(("127.0.0.1", puerto), timeout=60)
    cabeceras = "Host: a\r\nContent-Type: application/json\r\nContent-Length: 5000"
    canal.sendall(f"POST / HTTP/1.1\r\n{cabeceras}\r\n\r\n".encode() + trozo)
    return canal


def _gotear(canal: socket.socket) -> bytes:
    """What it was answered so far; who has sent something sends a byte more."""
    canal.setblocking(False)
    with suppress(BlockingIOError):
        return canal.recv(100, socket.MSG_PEEK)
    if canal.fileno() % 2:
        with suppress(OSError):
            canal.send(b" ")
    return b""


def _responde(url: str) -> bool:
    try:
        return httpx2.get(url).is_success
    except httpx2.TransportError:
        return False
