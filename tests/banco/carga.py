"""A load of POST requests over a fixed number of kept connections, cheap enough to leave the cores to the servers."""

import socket
from collections.abc import Callable, Iterator

from tests.banco.medir import a_la_vez


def peticiones_por_segundo(puerto: int, ruta: str, cuerpos: Callable[[int], Iterator[bytes]], conexiones: int) -> float:
    """Send every body that ``cuerpos(n)`` yields on connection n; return accepted requests per second.

    Raises RuntimeError at the first answer that is not a 2xx.
    """

    lineas = (f"POST {ruta} HTTP/1.1", f"Host: 127.0.0.1:{puerto}", "Content-Type: application/json", "")
    cabecera = "\r\n".join(lineas).encode()

    def conexion(numero: int) -> int:
        enviadas = 0
        with socket.create_connection(("127.0.0.1", puerto)) as canal:
            canal.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for cuerpo in cuerpos(numero):
                canal.sendall(b"%sContent-Length: %d\r\n\r\n%s" % (cabecera, len(cuerpo), cuerpo))
                _exigir_aceptada(canal)
                enviadas += 1
        return enviadas

    return a_la_vez([lambda numero=numero: conexion(numero) for numero in range(conexiones)])  # type: ignore[misc]


def _exigir_aceptada(canal: socket.socket) -> None:
    leido = b""
    while b"\r\n\r\n" not in leido:
        leido += _recibir(canal)
    cabecera, _, cuerpo = leido.partition(b"\r\n\r\n")
    if not cabecera.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(f"respuesta inesperada: {leido!r}")
    largo = int(cabecera.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
    while len(cuerpo) < largo:
        cuerpo += _recibir(canal)


def _recibir(canal: socket.socket) -> bytes:
    trozo = canal.recv(65536)
    if not trozo:
        raise RuntimeError("el servidor cerró la conexión")
    return trozo
