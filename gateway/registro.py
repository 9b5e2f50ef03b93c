"""One JSON line an event on standard output, from this product and its libraries alike."""

import logging
import sys
import traceback

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger


def preparar_registro(proceso: str, *, debug: bool = False) -> None:
    """Send every log line of this process, named ``proceso``, to standard output."""

    def nombrar(_: WrappedLogger, __: str, linea: EventDict) -> EventDict:
        return {"proceso": proceso, **linea}

    comunes: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="instante"),
        nombrar,
    ]
    structlog.configure(
        processors=[*comunes, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    salida = logging.StreamHandler(sys.stdout)
    salida.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=comunes,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_rastro),
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[salida], force=True)
    # Libraries tell at INFO what they do all day, and some of them with the values that they do it to.
    for biblioteca in ("alembic", "eventsourcing", "httpx2", "httpcore2", "sqlalchemy", "psycopg"):
        logging.getLogger(biblioteca).setLevel(logging.WARNING)


def _rastro(exc_info: ExcInfo) -> str:
    """Where an error and its causes rose, and of which kind they are. Their texts may quote what a person typed."""
    partes: list[str] = []
    causa: BaseException | None = exc_info[1]
    while causa is not None:
        partes.insert(0, f"{''.join(traceback.format_tb(causa.__traceback__))}{type(causa).__qualname__}")
        causa = causa.__cause__ or (None if causa.__suppress_context__ else causa.__context__)
    return "\n\n".join(partes)
