"""Which failures say nothing about the event that they struck."""

from eventsourcing.persistence import DataError, IntegrityError, PersistenceError

from domain.base.errores import EscrituraDisputada


def sin_base(error: Exception) -> bool:
    """Whether the database was out of reach."""
    return isinstance(error, PersistenceError) and not isinstance(error, IntegrityError | DataError)


def es_pasajero(error: Exception) -> bool:
    """Whether the same order may do well later."""
    return sin_base(error) or isinstance(error, EscrituraDisputada)
