"""What the inner rooms raise when a command can't go on, told as a person needs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.local.errores import FallaLocal


@contextmanager
def explicadas() -> Iterator[None]:
    """Turn such errors into FallaLocal within a ``with`` block."""
    try:
        yield
    except FallaLocal:
        raise
    except Exception as error:
        texto = _explicar(error)
        if texto is None:
            raise
        raise FallaLocal(texto) from error


def _explicar(error: Exception) -> str | None:
    """What to tell of an error; None of one that nobody foresaw."""
    # Only here: who never fails need not load what others fail with.
    from eventsourcing.persistence import MapperDeserialisationError, OperationalError
    from sqlalchemy.exc import DBAPIError

    from domain.base.errores import EscrituraDisputada
    from gateway.auditoria.historia import HistoriaIncompleta
    from gateway.composicion import FaltaConfigurar
    from gateway.eventos.datastore import AlmacenInseguro
    from gateway.eventos.llavero import LlaveMaestraEquivocada
    from gateway.eventos.unicidad import LlaveDeUnicidadEquivocada
    from gateway.pulsar.errores import FallaDeBroker
    from projections.errores import FaltaExtension
    from projections.motor.reconstruccion import SinGeneracion

    match error:
        case (
            FaltaConfigurar() | FaltaExtension() | AlmacenInseguro() | LlaveMaestraEquivocada()
            | LlaveDeUnicidadEquivocada() | SinGeneracion() | MapperDeserialisationError() | FallaDeBroker()
            | EscrituraDisputada() | HistoriaIncompleta()
        ):  # fmt: skip
            # Their messages are ours, in Spanish, and repeat nothing that is stored.
            return str(error)
        case OperationalError() | DBAPIError():
            # The driver's message may repeat values of the statement; its kind may not.
            return f"La base de datos no responde o se niega: {type(error.__cause__ or error).__name__}"
        case _:
            return None
