"""A key set at a URL: downloaded whole, in time, from where it says."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import httpx2
import pytest
from structlog.testing import capture_logs

from gateway.acceso.jwks import ClavesPublicas, JwksIlegible, JwksInalcanzable, descargar
from gateway.config import RAIZ
from tests.gateway.acceso.credenciales import EC, RSA, jwks
from tests.servidor_http import servir


@contextmanager
def _publicando(estado: int, cuerpo: bytes, **cabeceras: str) -> Iterator[str]:
    with servir(lambda peticion: peticion.contestar(cuerpo, estado, cabeceras)) as url:
        yield f"{url}/jwks"


def test_una_url_se_descarga_entera_y_solo_si_es_un_jwks() -> None:
    with _publicando(200, jwks(RSA)) as url:
        assert [clave.kid for clave in descargar(url).keys] == ["rsa-1"]
        assert ClavesPublicas.de(url).buscar("rsa-1", "RS256").kid == "rsa-1"
    with pytest.raises(httpx2.TransportError):
        descargar(url)
    with pytest.raises(JwksInalcanzable):
        ClavesPublicas.de(url).buscar("rsa-1", "RS256")
    for estado, cuerpo, cabeceras in (
        (500, jwks(RSA), {}),
        (302, b"", {"Location": "http://127.0.0.1:1/otra"}),
        (200, b"<html>", {}),
        (200, b" " * 1_100_000, {}),
    ):
        with _publicando(estado, cuerpo, **cabeceras) as url, pytest.raises(JwksIlegible):
            descargar(url)


def test_la_bitacora_dice_por_que_no_se_pudieron_leer_y_nada_de_la_direccion() -> None:
    with _publicando(302, b"", Location="http://127.0.0.1:1/otra") as url, capture_logs() as dicho:
        for de in (url, url.replace("http:", "https:"), "http://ana:secreto@localhost:1/jwks"):
            with pytest.raises(JwksInalcanzable):
                ClavesPublicas.de(de).buscar("rsa-1", "RS256")
    assert [uno["detalle"] for uno in dicho] == ["no respondió con un 200", "SSLError", "ConnectionRefusedError"]
    assert "secreto" not in str(dicho)


def test_una_url_de_esta_maquina_no_se_pide_al_proxy_de_la_red() -> None:
    programa = "import sys; from gateway.acceso.jwks import descargar; print(descargar(sys.argv[1]).keys[0].kid)"
    with _publicando(200, jwks(EC)) as proxy, _publicando(200, jwks(RSA)) as url:
        entorno = {"HTTP_PROXY": proxy, "http_proxy": proxy, "PYTHONPATH": str(RAIZ)}
        orden = [sys.executable, "-c", programa, url]
        assert subprocess.run(orden, env=entorno, capture_output=True, text=True, check=True).stdout == "rsa-1\n"


def test_lo_que_gotea_se_deja_a_tiempo() -> None:
    dejado = threading.Event()

    def gotear(servidor: socket.socket) -> None:
        servidor.settimeout(5)
        canal, _ = servidor.accept()
        with canal, suppress(OSError):
            for letra in b"HTTP/1.1 200 OK\r\nX-Largo: " + b"x" * 60:
                canal.sendall(bytes([letra]))
                dejado.wait(0.1)

    with socket.create_server(("127.0.0.1", 0)) as servidor, ThreadPoolExecutor(1) as hilos:
        hilos.submit(gotear, servidor)
        with pytest.raises(TimeoutError):
            descargar(f"http://127.0.0.1:{servidor.getsockname()[1]}/jwks", 0.5)
        dejado.set()
