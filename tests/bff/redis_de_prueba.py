"""As much of a Redis server as keeping pages takes: it speaks RESP over a socket, and keeps what it is told."""

import socketserver
import threading
from typing import Any


class _Conexion(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while linea := self.rfile.readline():
            partes = [self._parte() for _ in range(int(linea[1:]))]
            self.wfile.write(self._responder([parte.upper() if not n else parte for n, parte in enumerate(partes)]))

    def _parte(self) -> bytes:
        largo = int(self.rfile.readline()[1:])
        return self.rfile.read(largo + 2)[:-2]

    def _responder(self, orden: list[bytes]) -> bytes:
        datos: dict[bytes, bytes] = self.server.datos  # type: ignore[attr-defined]
        match orden:
            case [b"SET", clave, valor, b"PX", _]:
                datos[clave] = valor
                return b"+OK\r\n"
            case [b"GET", clave]:
                hay = datos.get(clave)
                return b"$-1\r\n" if hay is None else b"$%d\r\n%s\r\n" % (len(hay), hay)
            case [b"CLIENT", *_]:
                return b"+OK\r\n"
            case _:
                return b"-ERR unknown command\r\n"


class _Servidor(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close = True, False

    def __init__(self, *argumentos: Any) -> None:
        super().__init__(*argumentos)
        self.datos: dict[bytes, bytes] = {}


class RedisDePrueba:
    """Gives its URL."""

    def __enter__(self) -> str:
        self._servidor = _Servidor(("127.0.0.1", 0), _Conexion)
        self._hilo = threading.Thread(target=self._servidor.serve_forever, kwargs={"poll_interval": 0.02})
        self._hilo.start()
        return f"redis://127.0.0.1:{self._servidor.server_address[1]}/0"

    def __exit__(self, *_: object) -> None:
        self._servidor.shutdown()
        self._hilo.join()
        self._servidor.server_close()
