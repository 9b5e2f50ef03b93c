"""A switchboard for tables that only grow: every event of a log gives a row of its own."""

from collections.abc import Callable

from domain.base.agregado import Evento
from projections.motor.proyeccion import Conmutador, Filas
from projections.motor.tabla import F, Tabla


class Diario(Conmutador[F]):
    """Each event of one application's log becomes what ``anotar`` makes of its position and itself.

    The rows' keys are their own, not streams; nothing that was stored is fetched or changed.
    """

    solo_crece = True

    def __init__(self, aplicacion: str, tabla: Tabla[F], anotar: Callable[[int, Evento], F]) -> None:
        super().__init__(aplicacion, tabla)
        self._anotar = anotar

    def aplicar(self, filas: Filas[F], evento: Evento, posicion: int = 0) -> None:
        """Add the event's row, unless its name is ignored. Raises whatever ``anotar`` raises."""
        if evento.TOPIC not in self.ignorados:
            fila = self._anotar(posicion, evento)
            filas[self.tabla.clave_de(fila)] = fila
