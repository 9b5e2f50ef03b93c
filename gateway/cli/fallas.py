"""What the inner rooms raise when a process can't start, told as a person needs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import MapperDeserialisationError, OperationalError
from sqlalchemy.exc import DBAPIError

from gateway.composicion import FaltaConfigurar
from gateway.eventos.datastore import AlmacenInseguro
from gateway.eventos.llavero import LlaveMaestraEquivocada
from gateway.eventos.unicidad import LlaveDeUnicidadEquivocada
from gateway.local.errores import FallaLocal
from gateway.pulsar.errores import FallaDeBroker
from projections.errores import FaltaExtension
from projections.motor.reconstruccion import SinGeneracion

DE_MENSAJE_PROPIO = (
    FaltaConfigurar, FaltaExtension, AlmacenInseguro, LlaveMaestraEquivocada, LlaveDeUnicidadEquivocada,
    SinGeneracion, MapperDeserialisationError, FallaDeBroker,
)  # fmt: skip
"""Those whose message is ours, in Spanish, and repeats nothing that is stored."""


@contextmanager
def explicadas() -> Iterator[None]:
    """Turn such errors into FallaLocal within a ``with`` block."""
    try:
        yield
    except DE_MENSAJE_PROPIO as error:
        raise FallaLocal(str(error)) from error
    except (OperationalError, DBAPIError) as error:
        # The driver's message may repeat values of the statement; its kind may not.
        raise FallaLocal(f"La base de datos no responde o se niega: {type(error).__name__}") from error
