"""When a linked payment is taken back, its campaign stops counting on it: without another one it is cancelled."""

from domain.base.agregado import Evento
from domain.campanias.comandos import DesasociarPago
from domain.pagos.agregado import Payout

NOMBRE = "cancelar-por-reverso"
ORIGEN = "pagos"
DESTINO = "campanias"
EVENTOS: tuple[type[Evento], ...] = (Payout.Revertido,)
AGREGADO = "campania_id"


def reaccionar(evento: object) -> DesasociarPago | None:
    """The order that follows from an event, if any."""
    match evento:
        case Payout.Revertido(campania=str(campania)):
            return DesasociarPago(campania, evento.originator_id, f"Pago revertido: {evento.motivo}")
        case _:
            return None
