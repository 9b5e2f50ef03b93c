"""The server as it runs: processes of its own, real sockets, real signals."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import psycopg
import pytest

from gateway.config import RAIZ
from gateway.local.sistema import puerto_libre
from tests.eventualmente import eventualmente
from tests.gateway.http.conftest import PAGO
from tests.sin_prisa import sin_prisa

LLAVES = {"LLAVE_MAESTRA": "6d" * 32, "LLAVE_UNICIDAD": "75" * 32}


class Api:
    """A running ``alpes api``."""

    def __init__(self, proceso: "subprocess.Popen[str]", puerto: int) -> None:
        self.proceso, self.puerto = proceso, puerto
        self.http = httpx2.Client(base_url=f"http://127.0.0.1:{puerto}", timeout=60)

    def responde(self) -> bool:
        try:
            return self.http.get("/health").status_code == 200
        except httpx2.TransportError:
            return False

    def trabajadores(self) -> list[int]:
        """Process ids of the workers."""
        hijos = Path(f"/proc/{self.proceso.pid}/task/{self.proceso.pid}/children").read_text()
        return [int(pid) for pid in hijos.split()]


@pytest.fixture
def puerto() -> int:
    return puerto_libre()


@contextmanager
def _lanzada(db_url: str, puerto: int, carpeta: Path) -> Iterator["subprocess.Popen[str]"]:
    entorno = {**os.environ, **LLAVES, "DB_URL": db_url, "API_PORT": str(puerto), "ALPES_DIR": str(carpeta)}
    orden = [sys.executable, "-m", "gateway.cli", "api"]
    with subprocess.Popen(
        orden, cwd=RAIZ, env=entorno, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as proceso:
        try:
            yield proceso
        finally:
            proceso.kill()


@pytest.fixture
def api(db_url: str, puerto: int, tmp_path: Path) -> Iterator[Api]:
    with _lanzada(db_url, puerto, tmp_path) as proceso:
        api = Api(proceso, puerto)
        with api.http:
            eventualmente(api.responde, bool)
            yield api


def test_un_cuerpo_por_trozos_se_lee_y_el_que_pasa_del_limite_es_un_413(api: Api) -> None:
    def trozos(cuantos: int) -> Iterator[bytes]:
        yield b'{"partner_id": "P", "cycle_id": "C", "total_amount": 1250.50, "currency": "USD", "sobra": "'
        for _ in range(cuantos):
            yield b"x" * 1024
        yield b'"}'

    tipo = {"Content-Type": "application/json"}
    assert api.http.post("/pagos/pagar", content=trozos(10), headers=tipo).status_code == 202
    largo = api.http.post("/pagos/pagar", content=trozos(1100), headers=tipo)
    assert (largo.status_code, list(largo.json())) == (413, ["error"])
    declarado = api.http.post("/pagos/pagar", content=b" " * 2_000_000, headers=tipo)
    assert (declarado.status_code, list(declarado.json())) == (413, ["error"])


def test_las_metricas_suman_todos_los_procesos(api: Api) -> None:
    assert len(api.trabajadores()) == 2
    antes = api.http.get("/metrics").json()["count"]
    for _ in range(40):
        # A connection each: the kernel spreads them over the workers.
        httpx2.get(f"http://127.0.0.1:{api.puerto}/cliente/nadie", timeout=60)
    despues = api.http.get("/metrics").json()
    assert despues["count"] == antes + 41
    assert 0 < despues["p50"] <= despues["p95"] <= despues["p99"]


def test_no_se_dice_con_que_esta_hecho(api: Api) -> None:
    assert api.http.get("/health").headers["Server"] == "alpes"


def test_sigterm_termina_lo_empezado(api: Api, db_url: str) -> None:
    estados: list[int] = []
    with sin_prisa(db_url) as conexion:
        # Nobody may append until this transaction ends: the request is under way when the signal comes.
        conexion.execute("LOCK TABLE pagos_events IN SHARE MODE")
        hilo = threading.Thread(target=lambda: estados.append(api.http.post("/pagos/pagar", json=PAGO).status_code))
        hilo.start()
        espera = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        with psycopg.connect(db_url, autocommit=True) as otra:
            eventualmente(lambda: otra.execute(espera).fetchone(), lambda fila: fila == (1,))
        api.proceso.send_signal(signal.SIGTERM)
        eventualmente(lambda: _escucha(api.puerto), lambda escucha: not escucha)
        conexion.commit()
    hilo.join()
    assert estados == [202]
    assert api.proceso.wait(20) == 0


def test_un_trabajador_muerto_se_repone(api: Api) -> None:
    muerto = api.trabajadores()[0]
    os.kill(muerto, signal.SIGKILL)
    eventualmente(lambda: len([pid for pid in api.trabajadores() if pid != muerto]), lambda vivos: vivos == 2)
    assert eventualmente(api.responde, bool)


def test_muerto_el_padre_no_queda_nadie(api: Api) -> None:
    trabajadores = api.trabajadores()
    api.proceso.kill()
    api.proceso.wait()
    eventualmente(lambda: [pid for pid in trabajadores if _vive(pid)], lambda vivos: not vivos)


def test_un_puerto_ocupado_se_dice_claro(db_url: str, tmp_path: Path) -> None:
    with socket.socket() as ocupado:
        ocupado.bind(("127.0.0.1", 0))
        ocupado.listen()
        puerto = ocupado.getsockname()[1]
        with _lanzada(db_url, puerto, tmp_path) as proceso:
            salida, _ = proceso.communicate(timeout=120)
    assert proceso.returncode == 1
    assert f"El puerto {puerto} de 127.0.0.1 está ocupado" in salida
    assert "Traceback" not in salida


def test_una_peticion_rota_no_tumba_nada(api: Api) -> None:
    for crudo in (
        b"\x00\xff\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /pagos/pagar HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", api.puerto)) as canal:
            canal.sendall(crudo)
            canal.settimeout(60)
            assert not canal.recv(1000).startswith(b"HTTP/1.1 5")
    a_medias = http.client.HTTPConnection("127.0.0.1", api.puerto)
    a_medias.putrequest("POST", "/pagos/pagar")
    a_medias.putheader("Content-Length", "1000")
    a_medias.endheaders()
    a_medias.send(b"{")
    a_medias.close()
    assert api.responde()


def _vive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked about does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _escucha(puerto: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", puerto), timeout=1).close()
    except OSError:
        return False
    return True
