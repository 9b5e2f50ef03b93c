"""The kinds of refusal. Each module's errors are named after the broken sentence and carry a stable code.

What the world answers follows from the kind: NoEncontrado, Conflicto (what is asked contradicts what holds or
was told before), VersionDistinta, EscrituraDisputada, and ReglaRota for the rest.
"""

from enum import StrEnum


class ErrorDeDominio(Exception):
    """A refusal that a user can understand. ``codigo`` is stable, ``mensaje`` is for people (Spanish)."""

    codigo = "ERROR_DE_DOMINIO"
    mensaje = "La operación no es posible"

    def __init__(self, mensaje: str | None = None) -> None:
        super().__init__(mensaje or self.mensaje)


class ReglaRota(ErrorDeDominio):
    """A rule of value or of business does not hold for what was asked."""


class NoEncontrado(ErrorDeDominio):
    """There is no such stream."""

    codigo = "NO_ENCONTRADO"
    mensaje = "No encontrado"


class Conflicto(ErrorDeDominio):
    """What is asked contradicts what holds already: the same fact with other data, or a value that is taken."""


class TransicionIlegal(Conflicto):
    """The aggregate's state does not admit the command."""

    codigo = "TRANSICION_ILEGAL"

    def __init__(self, accion: str, estado: str) -> None:
        super().__init__(f"No se puede {accion} en estado {estado}")


class VersionDistinta(ErrorDeDominio):
    """The caller expected another version of the aggregate."""

    codigo = "VERSION_DISTINTA"

    def __init__(self, esperada: int, actual: int) -> None:
        super().__init__(f"La versión es {actual}, no {esperada}")


class EscrituraDisputada(ErrorDeDominio):
    """Other writers won every one of a bounded number of tries."""

    codigo = "ESCRITURA_DISPUTADA"
    mensaje = "Otros cambios se adelantaron; vuelva a intentarlo"


def exigir_estado(accion: str, actual: StrEnum, *admitidos: StrEnum) -> None:
    """Refuse ``accion`` (an infinitive, for the message) outside of ``admitidos``. Raises TransicionIlegal."""
    if actual not in admitidos:
        raise TransicionIlegal(accion, actual.value)
