"""One line a deed: what was asked or ordered, of which kind, how it went, and nothing that somebody typed."""

import sys
from contextlib import suppress

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

from domain.base.contexto import Contexto
from gateway.rastro import ids_de

_ESCRITOR = msgspec.json.Encoder()


class Bitacora:
    """The log of deeds of a process, on standard output. Make it after a fork.

    It writes by itself, since the way through the library's handlers costs as much as reading a body.
    """

    def __init__(self, proceso: str) -> None:
        self._registro = structlog.wrap_logger(
            structlog.BytesLogger(sys.stdout.buffer),
            processors=[structlog.processors.TimeStamper(fmt="iso", utc=True, key="instante"), _a_linea],
            wrapper_class=structlog.BoundLogger,
            proceso=proceso,
            level="info",
        )

    def anotar(self, hecho: str, **detalles: object) -> None:
        """Write a line; nothing when whoever was reading the log is gone: the deed counts all the same."""
        with suppress(OSError, ValueError):
            self._registro.info(hecho, **detalles)

    def cumplida(self, orden: object, circunstancias: Contexto, **detalles: object) -> None:
        """Write that an order was carried out, with the ids by which to find what led to it."""
        ids = ids_de(circunstancias.correlation_id, circunstancias.causation_id)
        self.anotar("orden cumplida", orden=type(orden).__name__, **ids, **detalles)


def _a_linea(_: WrappedLogger, __: str, evento: EventDict) -> bytes:
    return _ESCRITOR.encode(evento)
