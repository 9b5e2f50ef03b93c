"""As much of a Redis server as pages and limits take: it speaks RESP over a socket, and keeps what it is told."""

import socketserver
import threading
from typing import Any

SIN_PRISA = 30.0
"""Seconds that it may take to answer: much more than pages and limits wait, which go without it on a busy machine."""


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
        siempre, a_que = self.server.siempre  # type: ignore[attr-defined]
        if siempre and a_que in (b"", orden[0]):
            return bytes(siempre)
        match orden:
            case [b"SET", clave, valor, b"PX", _]:
                datos[clave] = valor
            case [b"GET", clave]:
                hay = datos.get(clave)
                return b"$-1\r\n" if hay is None else b"$%d\r\n%s\r\n" % (len(hay), hay)
            case [b"EVALSHA", _, _, _, clave, limite, _, _]:
                # The limits' script, within its first window.
                veces = int(datos.get(clave, b"0")) + 1
                datos[clave] = b"%d" % min(veces, int(limite))
                return b":1\r\n" if veces <= int(limite) else b"$-1\r\n"
            case [b"EVALSHA", _, _, _, clave, largo]:
                cuenta = datos.get(clave, b"0")
                return b"*4\r\n$-1\r\n:-2\r\n$%d\r\n%s\r\n:%d\r\n" % (len(cuenta), cuenta, 2000 * int(largo))
            case [b"CLIENT", *_]:
                pass
            case _:
                return self._con_listas(orden, datos, self.server.listas)  # type: ignore[attr-defined]
        return b"+OK\r\n"

    @staticmethod
    def _con_listas(orden: list[bytes], datos: dict[bytes, bytes], listas: dict[bytes, set[bytes]]) -> bytes:
        match orden:
            case [b"SADD", clave, valor]:
                listas.setdefault(clave, set()).add(valor)
                return b":1\r\n"
            case [b"PEXPIRE", clave, _]:
                return b":%d\r\n" % (clave in listas)
            case [b"SRANDMEMBER", clave, _]:
                hay = listas.get(clave, set())
                return b"*%d\r\n" % len(hay) + b"".join(b"$%d\r\n%s\r\n" % (len(uno), uno) for uno in hay)
            case [b"SREM", clave, *valores]:
                listas[clave] -= set(valores)
                return b":%d\r\n" % len(valores)
            case [b"UNLINK", *claves]:
                return b":%d\r\n" % sum(datos.pop(clave, None) is not None for clave in claves)
        return b"-ERR unknown command\r\n"


class _Servidor(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close = True, False

    def __init__(self, *argumentos: Any) -> None:
        super().__init__(*argumentos)
        self.datos: dict[bytes, bytes] = {}
        self.listas: dict[bytes, set[bytes]] = {}
        self.siempre = b"", b""


class RedisDePrueba:
    """Gives its URL. ``siempre``: what it answers to everything, as what is no Redis would, or isn't yet."""

    def __init__(self, siempre: bytes = b"") -> None:
        self._siempre = siempre

    def __enter__(self) -> str:
        self._servidor = _Servidor(("127.0.0.1", 0), _Conexion)
        self.responder_siempre(self._siempre)
        self._hilo = threading.Thread(target=self._servidor.serve_forever, kwargs={"poll_interval": 0.02})
        self._hilo.start()
        return f"redis://127.0.0.1:{self._servidor.server_address[1]}/0"

    def responder_siempre(self, siempre: bytes, a_que: bytes = b"") -> None:
        """From now on this, to everything or to one command; nothing: what a Redis would."""
        self._servidor.siempre = siempre, a_que

    def __exit__(self, *_: object) -> None:
        self._servidor.shutdown()
        self._hilo.join()
        self._servidor.server_close()
