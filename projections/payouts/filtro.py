"""Which payouts a list shows, and what the words of its filters mean."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from domain.pagos.estado import Estado
from projections.motor.pagina import elegidos, guardable

CUBETAS: dict[str, frozenset[Estado]] = {
    "PENDING": frozenset({Estado.PENDIENTE, Estado.PROCESANDO}),
    "COMPLETED": frozenset({Estado.COMPLETADO}),
    "FAILED": frozenset({Estado.FALLIDO, Estado.CANCELADO, Estado.REVERTIDO}),
}
"""The English buckets: every state is in exactly one."""


SIGNIFICADOS: dict[str, frozenset[Estado]] = {**{estado.name: frozenset({estado}) for estado in Estado}, **CUBETAS}


def estados(texto: str) -> frozenset[Estado]:
    """The states that a filter names: Spanish names and English buckets, a comma list, in any case.

    Raises PalabraDesconocida for any other word, an empty one too.
    """
    return elegidos(texto, SIGNIFICADOS)


@dataclass(frozen=True)
class Filtro:
    """Payouts for which all that is said holds. ``estados`` empty: any.

    ``desde`` and ``hasta`` (aware) bound fecha_creacion; ``monto_min`` and ``monto_max`` (finite, major units) bound
    the amount in whatever currency. All bounds are inclusive.
    """

    partner_id: str | None = None
    estados: frozenset[Estado] = frozenset()
    desde: datetime | None = None
    hasta: datetime | None = None
    monto_min: Decimal | None = None
    monto_max: Decimal | None = None

    @property
    def con_fechas(self) -> bool:
        return self.desde is not None or self.hasta is not None

    @property
    def con_montos(self) -> bool:
        return self.monto_min is not None or self.monto_max is not None

    @property
    def elegidos(self) -> list[str]:
        """The states in order; none when any will do."""
        return sorted(self.estados) if len(self.estados) < len(Estado) else []

    @property
    def valores(self) -> dict[str, Any]:
        """What the conditions refer to by name."""
        return {
            "partner_id": None if self.partner_id is None else guardable(self.partner_id),
            "estados": self.elegidos,
            "desde": self.desde,
            "hasta": self.hasta,
            "monto_min": self.monto_min,
            "monto_max": self.monto_max,
        }

    def de_fila(self) -> list[str]:
        """Conditions on a payout, its state aside."""
        dichas = {
            "partner_id = :partner_id": self.partner_id,
            "fecha_creacion >= :desde": self.desde,
            "fecha_creacion <= :hasta": self.hasta,
            "monto >= :monto_min": self.monto_min,
            "monto <= :monto_max": self.monto_max,
        }
        return [condicion for condicion, valor in dichas.items() if valor is not None]

    def de_estado(self) -> list[str]:
        """The condition on the state of whatever has one."""
        return ["estado = ANY(:estados)"] if self.elegidos else []

    def de_celda(self) -> list[str]:
        """Conditions on a cell of a kept count, its dates and amounts aside."""
        return [*self.de_estado(), *(["partner_id = :partner_id"] if self.partner_id is not None else [])]
