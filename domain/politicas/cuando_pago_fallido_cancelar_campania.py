"""When a linked payment fails for good, its campaign is left without it; a failure that is retried changes nothing."""

from domain.base.agregado import Evento
from domain.campanias.comandos import DesasociarPago
from domain.pagos.agregado import Payout

NOMBRE = "cancelar-por-fallo"
ORIGEN = "pagos"
DESTINO = "campanias"
EVENTOS: tuple[type[Evento], ...] = (Payout.Fallido,)
AGREGADO = "campania_id"


def reaccionar(evento: object) -> DesasociarPago | None:
    """The order that follows from an event, if any."""
    match evento:
        case Payout.Fallido(campania=str(campania), definitivo=True):
            return DesasociarPago(campania, evento.originator_id, f"Pago fallido: {evento.motivo}")
        case _:
            return None
