"""The bytes of a request's body, in bounded time, while others are served."""

import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from queue import SimpleQueue
from typing import Any

from flask import Request
from werkzeug.exceptions import (
    ClientDisconnected,
    RequestEntityTooLarge,
    RequestTimeout,
    ServiceUnavailable,
    UnsupportedMediaType,
)

from gateway.cuerpo import CUERPO_MAXIMO

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
JSON = "application/json"
JUEGOS = ("utf-8", "utf8", "us-ascii")
GOTEO = 64
"""Bytes a second: less is no body that arrives, and no request of its own either."""
LLEGADA = "alpes.llegada"
"""Where a request's WSGI environment has when it came (``time.monotonic``), before it had its turn."""
_TURNOS = "alpes.turnos"
_ULTIMO_DATO, _RECIBIDOS = 52, 128
"""Where ``struct tcp_info`` of Linux has tcpi_last_data_recv (in ms) and tcpi_bytes_received."""


class Turnos:
    """``app``, with ``cuantos`` requests at work at once, and beside them those that wait: for their body, ``esperas``
    at most, or for somebody else.

    The server reads a body only when asked to, can't be told to stop, and names no socket: who announces a body and
    never sends it would keep a thread for ever. So a guard looks at the sockets themselves, and ends for reading those
    of the same peer by which nothing came in ``plazo`` seconds, or next to nothing.
    """

    def __init__(self, app: Wsgi, cuantos: int, esperas: int, plazo: float) -> None:
        self._app, self._esperas, self._plazo = app, esperas, plazo
        self._leen: dict[int, tuple[float, str, int]] = {}
        self._libres: SimpleQueue[None] = SimpleQueue()
        for _ in range(cuantos):
            self._libres.put(None)
        threading.Thread(target=self._vigilar, daemon=True).start()

    def __call__(self, entorno: dict[str, Any], empezar: Any) -> Iterable[bytes]:
        entorno[_TURNOS], entorno[LLEGADA] = self, time.monotonic()
        self._libres.get()
        try:
            return self._app(entorno, empezar)
        finally:
            self._libres.put(None)

    def leer(self, entorno: dict[str, Any]) -> bytes:
        """The body of the request under way, a byte more than the longest at most; another has its turn meanwhile.

        Raises RequestTimeout, and ServiceUnavailable when too many wait.
        """
        if len(self._leen) >= self._esperas:
            raise ServiceUnavailable
        yo, empezo = threading.get_ident(), time.monotonic()
        self._leen[yo] = (empezo, entorno["REMOTE_ADDR"], int(entorno["SERVER_PORT"]))
        self._libres.put(None)
        try:
            crudo: bytes = entorno["wsgi.input"].read(CUERPO_MAXIMO + 1)
            tardo = time.monotonic() - empezo
        finally:
            del self._leen[yo]
            self._libres.get()
        if tardo > self._plazo:
            raise RequestTimeout
        return crudo

    @contextmanager
    def cedido(self) -> Iterator[None]:
        """Another request has the turn of the one under way within the block: it may wait for one that has none."""
        self._libres.put(None)
        try:
            yield
        finally:
            self._libres.get()

    def _vigilar(self) -> None:
        antes: dict[Any, int] = {}
        while True:
            time.sleep(min(1.0, self._plazo / 4))
            limite = time.monotonic() - self._plazo
            lentos = {(quien, puerto) for desde, quien, puerto in list(self._leen.values()) if desde < limite}
            try:
                antes = self._cortar(lentos, antes) if lentos else {}
            except OSError:
                # Without a descriptor to spare nobody can be looked at, and the guard goes on.
                antes = {}

    def _cortar(self, lentos: set[tuple[str, int]], antes: dict[Any, int]) -> dict[Any, int]:
        """End what is silent or drips; gives how much each has received."""
        recibidos = {}
        for canal in _canales():
            # Whoever is at the other end may leave at any moment, and the guard goes on.
            with suppress(OSError):
                par = canal.getpeername()
                if (par[0], canal.getsockname()[1]) not in lentos:
                    continue
                dicho = canal.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RECIBIDOS + 8)
                (callado,) = struct.unpack_from("I", dicho, _ULTIMO_DATO)
                (recibidos[par],) = struct.unpack_from("Q", dicho, _RECIBIDOS)
                if callado >= self._plazo * 1000 or 0 < recibidos[par] - antes.get(par, recibidos[par]) <= GOTEO:
                    canal.shutdown(socket.SHUT_RD)
        return recibidos


def _canales() -> Iterator[socket.socket]:
    """The connected TCP sockets of this process."""
    for numero in os.listdir("/proc/self/fd"):
        # What is no socket, is not connected or is closed by now.
        with suppress(OSError), _canal(os.dup(int(numero))) as canal:
            if canal.family in (socket.AF_INET, socket.AF_INET6) and canal.getpeername():
                yield canal


def _canal(copia: int) -> socket.socket:
    try:
        return socket.socket(fileno=copia)
    except OSError:
        # It was not taken, and nobody else would close it.
        os.close(copia)
        raise


def leer_crudo(pedido: Request) -> bytes:
    """The bytes of a JSON body; none at all are an empty one.

    Raises RequestEntityTooLarge, UnsupportedMediaType, ClientDisconnected when it ends too soon, and as ``leer`` does.
    """
    largo = pedido.content_length or 0
    if largo > CUERPO_MAXIMO:
        raise RequestEntityTooLarge
    turnos: Turnos | None = pedido.environ.get(_TURNOS)
    crudo = turnos.leer(pedido.environ) if turnos else pedido.get_data(cache=False)
    if len(crudo) > CUERPO_MAXIMO:
        raise RequestEntityTooLarge
    if len(crudo) < largo:
        raise ClientDisconnected
    if crudo and not _es_json(pedido):
        raise UnsupportedMediaType
    return crudo


def turno_cedido(pedido: Request) -> AbstractContextManager[None]:
    """Within the block others are served in the place of this request, which only waits."""
    turnos: Turnos | None = pedido.environ.get(_TURNOS)
    return turnos.cedido() if turnos else nullcontext()


def _es_json(pedido: Request) -> bool:
    if "Content-Encoding" in pedido.headers:
        return False
    if pedido.content_type == JSON:
        return True
    return pedido.is_json and pedido.mimetype_params.get("charset", "utf-8").lower() in JUEGOS
