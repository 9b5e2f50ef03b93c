"""What follows from an event in another module. One reaction a file: event -> order, pure."""

from typing import Protocol

from domain.base.agregado import Evento
from domain.politicas import (
    cuando_pago_confirmado_aprobar_campania,
    cuando_pago_fallido_cancelar_campania,
    cuando_pago_revertido_cancelar_campania,
)


class Politica(Protocol):
    """A reaction: the module that holds it is one.

    ``NOMBRE`` (21 characters at most) is how its position is kept; ``ORIGEN`` is the application whose log it
    follows, ``DESTINO`` the one that carries out its orders. Only ``EVENTOS`` lead to one. ``AGREGADO`` is the
    field by which its orders name the aggregate that they speak of.
    """

    NOMBRE: str
    ORIGEN: str
    DESTINO: str
    EVENTOS: tuple[type[Evento], ...]
    AGREGADO: str

    def reaccionar(self, evento: object) -> object | None:
        """The order that follows from an event of ``ORIGEN``, if any."""


POLITICAS: tuple[Politica, ...] = (
    cuando_pago_confirmado_aprobar_campania,
    cuando_pago_revertido_cancelar_campania,
    cuando_pago_fallido_cancelar_campania,
)
"""Every reaction there is."""
