"""When a linked payment is confirmed, its campaign counts on it: the first one approves."""

from domain.base.agregado import Evento
from domain.campanias.comandos import AsociarPago
from domain.pagos.agregado import Payout

NOMBRE = "aprobar-campania"
ORIGEN = "pagos"
DESTINO = "campanias"
EVENTOS: tuple[type[Evento], ...] = (Payout.Confirmado,)
AGREGADO = "campania_id"


def reaccionar(evento: object) -> AsociarPago | None:
    """The order that follows from an event, if any."""
    match evento:
        case Payout.Confirmado(campania=str(campania)):
            return AsociarPago(campania, evento.originator_id)
        case _:
            return None
