"""What follows from an event in another module. One reaction a file: event -> order, pure."""

from typing import Protocol

from domain.politicas import (
    cuando_pago_confirmado_aprobar_campania,
    cuando_pago_fallido_cancelar_campania,
    cuando_pago_revertido_cancelar_campania,
)


class Politica(Protocol):
    """A reaction: the module that holds it is one.

    ``NOMBRE`` (21 characters at most) is how its position is kept; ``ORIGEN`` is the application whose log it
    follows, ``DESTINO`` the one that carries out its orders.
    """

    NOMBRE: str
    ORIGEN: str
    DESTINO: str

    def reaccionar(self, evento: object) -> object | None:
        """The order that follows from an event of ``ORIGEN``, if any."""


POLITICAS: tuple[Politica, ...] = (
    cuando_pago_confirmado_aprobar_campania,
    cuando_pago_revertido_cancelar_campania,
    cuando_pago_fallido_cancelar_campania,
)
"""Every reaction there is."""
