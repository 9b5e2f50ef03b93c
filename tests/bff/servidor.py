"""Servers of the tests' own: a Flask application, or one that answers badly."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import Flask
from werkzeug.serving import make_server


@contextmanager
def sirviendo(app: Flask) -> Iterator[str]:
    """``app`` listens on a port of its own; gives its URL."""
    servidor = make_server("127.0.0.1", 0, app, threaded=True)
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.02})
    hilo.start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}"
    finally:
        servidor.shutdown()
        hilo.join()
        servidor.server_close()


class CoreMalo:
    """Answers each connection with the bytes that ``responder`` gives for what it was sent, and hangs up.

    ``pedidas`` are the first lines of what was asked.
    """

    def __init__(self, responder: Callable[[bytes], bytes | None], espera: float = 0) -> None:
        """``espera``: seconds before each answer. None from ``responder`` hangs up without a word."""
        self._responder, self._espera = responder, espera
        self._fin = threading.Event()
        self.pedidas: list[str] = []
        self.cabeceras: list[bytes] = []

    def __enter__(self) -> "CoreMalo":
        self._enchufe = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._enchufe.getsockname()[1]}"
        self._hilo = threading.Thread(target=self._aceptar)
        self._hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._fin.set()
        with suppress(OSError):
            self._enchufe.shutdown(socket.SHUT_RDWR)
        self._enchufe.close()
        self._hilo.join()

    def _aceptar(self) -> None:
        hilos = []
        while not self._fin.is_set():
            try:
                canal, _ = self._enchufe.accept()
            except OSError:
                break
            hilo = threading.Thread(target=self._atender, args=(canal,))
            hilo.start()
            hilos.append(hilo)
        for hilo in hilos:
            hilo.join()

    def _atender(self, canal: socket.socket) -> None:
        with canal, suppress(OSError):
            pedido = b""
            while b"\r\n\r\n" not in pedido:
                trozo = canal.recv(65536)
                if not trozo:
                    return
                pedido += trozo
            self.pedidas.append(pedido.split(b"\r\n")[0].decode())
            self.cabeceras.append(pedido)
            self._fin.wait(self._espera)
            respuesta = self._responder(pedido)
            if respuesta is not None:
                canal.sendall(respuesta)


def http(estado: str, cuerpo: bytes, *mas: str) -> bytes:
    """An answer, whole."""
    lineas = [f"HTTP/1.1 {estado}", "Content-Type: application/json", f"Content-Length: {len(cuerpo)}", *mas]
    return "\r\n".join([*lineas, "Connection: close", "", ""]).encode() + cuerpo
