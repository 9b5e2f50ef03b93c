"""A TCP bridge to the database that can lose a connection at a chosen moment."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

TERMINADO = b"Z\x00\x00\x00\x05I"
"""ReadyForQuery, outside of a transaction: the server has committed and says so."""


class Puente:
    """Carries bytes both ways. ``url`` is the database as seen through it."""

    def __init__(self, host: str, puerto: int) -> None:
        self._destino = (host, puerto)
        self._oido = socket.create_server(("127.0.0.1", 0))
        self.puerto: int = self._oido.getsockname()[1]
        self._perder: str | None = None
        self.perdidas = 0
        self._pares: list[socket.socket] = []

    def perder_la_respuesta(self) -> None:
        """Cut the next connection that hears of a commit: the server has committed, the client never learns it."""
        self._perder = "respuesta"

    def perder_el_pedido(self) -> None:
        """Cut the next connection that asks for anything: the server never hears it."""
        self._perder = "pedido"

    def servir(self) -> None:
        while True:
            try:
                cliente, _ = self._oido.accept()
            except OSError:
                return
            servidor = socket.create_connection(self._destino)
            self._pares += [cliente, servidor]
            for origen, destino, sentido in ((cliente, servidor, "pedido"), (servidor, cliente, "respuesta")):
                threading.Thread(target=self._llevar, args=(origen, destino, sentido), daemon=True).start()

    def _llevar(self, origen: socket.socket, destino: socket.socket, sentido: str) -> None:
        with suppress(OSError):
            while datos := origen.recv(65536):
                if self._perder == sentido and (sentido == "pedido" or datos.endswith(TERMINADO)):
                    self._perder = None
                    self.perdidas += 1
                    break
                destino.sendall(datos)
        _cerrar(origen, destino)

    def cerrar(self) -> None:
        # A thread that waits in accept() is not woken by close() alone.
        with suppress(OSError):
            self._oido.shutdown(socket.SHUT_RDWR)
        self._oido.close()
        _cerrar(*self._pares)


def _cerrar(*canales: socket.socket) -> None:
    for canal in canales:
        with suppress(OSError):
            canal.shutdown(socket.SHUT_RDWR)
        canal.close()


@contextmanager
def puente_a(host: str, puerto: int) -> Iterator[Puente]:
    puente = Puente(host, puerto)
    hilo = threading.Thread(target=puente.servir, daemon=True)
    hilo.start()
    try:
        yield puente
    finally:
        puente.cerrar()
        hilo.join(5)
