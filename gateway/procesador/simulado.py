"""A deterministic provider for one machine and for tests: the amount decides."""

from collections.abc import Callable
from datetime import datetime

from domain.pagos.procesador import Confirmada, Rechazada, Respuesta, Solicitud


class ProcesadorSimulado:
    """Confirms with ``SIM-{id}``; minor units ending in 13 fail once (TECNICO), in 66 for good (RECHAZADO)."""

    def __init__(self, reloj: Callable[[], datetime]) -> None:
        """``reloj`` tells the time of confirmation, aware UTC."""
        self._reloj = reloj

    def pagar(self, solicitud: Solicitud) -> Respuesta:
        """Pay at once."""
        final = solicitud.monto.unidades % 100
        if final == 66:
            return Rechazada("RECHAZADO", "El procesador simulado rechaza montos terminados en 66", definitivo=True)
        if final == 13 and solicitud.intento == 1:
            return Rechazada(
                "TECNICO", "El procesador simulado falla una vez con montos terminados en 13", definitivo=False
            )
        return Confirmada(f"SIM-{solicitud.payout_id}", self._reloj())

    def consultar(self, solicitud: Solicitud) -> Respuesta:
        """The same answer as paying: nothing is kept, and nothing needs to be."""
        return self.pagar(solicitud)
