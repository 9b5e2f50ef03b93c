"""One line a deed: what was asked or ordered, of which kind, how it went, and nothing that somebody typed."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, BinaryIO

import msgspec
import structlog

from domain.base.contexto import Contexto
from gateway.rastro import ids_de

_ESCRITOR = msgspec.json.Encoder()
_salida: ContextVar[BinaryIO | None] = ContextVar("salida", default=None)


@contextmanager
def en_errores() -> Iterator[None]:
    """Within the block the lines go to standard error: the output is an answer that somebody else reads."""
    if not structlog.is_configured():
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    marca = _salida.set(sys.stderr.buffer)
    try:
        yield
    finally:
        _salida.reset(marca)


class Bitacora:
    """The log of deeds of a process, on standard output but for ``en_errores``. Make it after a fork.

    It writes by itself, since the way through the logging library costs as much as reading a body.
    """

    def __init__(self, proceso: str) -> None:
        self._proceso, self._salida = proceso, _salida.get() or sys.stdout.buffer

    def anotar(self, hecho: str, **detalles: object) -> None:
        """Write a line; nothing when whoever was reading the log is gone: the deed counts all the same."""
        self.anotar_todos(hecho, [detalles])

    def anotar_todos(self, hecho: str, varios: Iterable[dict[str, Any]]) -> None:
        """Write a line for each of several deeds of one kind, in one go: where there are many, that is most of it."""
        comunes = {"event": hecho, "instante": datetime.now(UTC)}
        lineas = [{"proceso": self._proceso, "level": "info", **detalles, **comunes} for detalles in varios]
        with suppress(OSError, ValueError):
            # Whole, so that the lines of two threads don't mix.
            self._salida.write(_ESCRITOR.encode_lines(lineas))
            self._salida.flush()

    def cumplida(self, orden: object, circunstancias: Contexto, **detalles: object) -> None:
        """Write that an order was carried out: not before it is stored."""
        self.cumplidas([renglon(orden, circunstancias, **detalles)])

    def cumplidas(self, renglones: Iterable[dict[str, Any]]) -> None:
        """As ``cumplida``, of several that were stored together."""
        self.anotar_todos("orden cumplida", renglones)


def renglon(orden: object, circunstancias: Contexto, **detalles: object) -> dict[str, Any]:
    """What a line tells of an order, with the ids by which to find what led to it."""
    ids = ids_de(circunstancias.correlation_id, circunstancias.causation_id)
    return {"orden": type(orden).__name__, **ids, **detalles}
