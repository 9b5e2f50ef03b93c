"""A small HTTP server on 127.0.0.1, for what the product asks others."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Atencion(BaseHTTPRequestHandler):
    """A request that is attended to."""

    def contestar(self, cuerpo: bytes, estado: int = 200, cabeceras: Mapping[str, str] | None = None) -> None:
        self.encabezar(len(cuerpo), estado, cabeceras)
        self.wfile.write(cuerpo)

    def encabezar(self, largo: int, estado: int = 200, cabeceras: Mapping[str, str] | None = None) -> None:
        """Begin an answer of ``largo`` bytes, which the caller is to write."""
        self.send_response(estado)
        for nombre, valor in {"Content-Length": str(largo), **(cabeceras or {})}.items():
            self.send_header(nombre, valor)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def servir(atender: Callable[[Atencion], None], puerto: int = 0) -> Iterator[str]:
    """Yields the URL of a server that has gone, with all it attended to, when the block is left."""

    class Manejador(Atencion):
        def do_GET(self) -> None:
            atender(self)

        def do_POST(self) -> None:
            atender(self)

    servidor = ThreadingHTTPServer(("127.0.0.1", puerto), Manejador)
    servidor.daemon_threads = False
    hilo = threading.Thread(target=servidor.serve_forever, kwargs={"poll_interval": 0.01})
    hilo.start()
    try:
        yield f"http://127.0.0.1:{servidor.server_port}"
    finally:
        servidor.shutdown()
        servidor.server_close()
        hilo.join()
