"""One line a request: what was asked of which route and how it went, and nothing that somebody typed."""

import sys

import msgspec
import structlog
from structlog.typing import EventDict, WrappedLogger

_ESCRITOR = msgspec.json.Encoder()


def abrir() -> WrappedLogger:
    """The access log, on standard output.

    It writes by itself, since the way through the library's handlers costs as much as reading a body.
    """
    return structlog.wrap_logger(
        structlog.BytesLogger(sys.stdout.buffer),
        processors=[structlog.processors.TimeStamper(fmt="iso", utc=True, key="instante"), _a_linea],
        wrapper_class=structlog.BoundLogger,
        proceso="api",
        level="info",
    )


def _a_linea(_: WrappedLogger, __: str, evento: EventDict) -> bytes:
    return _ESCRITOR.encode(evento)
