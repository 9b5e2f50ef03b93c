"""What can happen to a campaign."""

from datetime import datetime

from domain.base.agregado import Evento, EventoInicial
from domain.base.dinero import Dinero

CONFIRMADO, CAIDO = "confirmado", "caido"
"""What a campaign is told about a payment: that it counts, or that it never will again."""


class Creada(EventoInicial):
    TOPIC = "CampaniaCreada.v1"
    cliente_id: str
    itinerario: tuple[str, ...]
    nombre: str
    presupuesto: Dinero | None
    moneda: str | None
    fecha_inicio: datetime | None
    fecha_fin: datetime | None


class Aprobada(Evento):
    TOPIC = "CampaniaAprobada.v1"
    payout_id: str
    origen: str


class Activada(Evento):
    TOPIC = "CampaniaActivada.v1"


class Pausada(Evento):
    TOPIC = "CampaniaPausada.v1"


class Reanudada(Evento):
    TOPIC = "CampaniaReanudada.v1"


class Finalizada(Evento):
    TOPIC = "CampaniaFinalizada.v1"


class GastoRegistrado(Evento):
    TOPIC = "CampaniaGastoRegistrado.v1"
    gasto_id: str
    monto: Dinero


class PresupuestoAjustado(Evento):
    TOPIC = "CampaniaPresupuestoAjustado.v1"
    presupuesto: Dinero


class PagoAsociado(Evento):
    TOPIC = "CampaniaPagoAsociado.v1"
    payout_id: str


class PagoDesasociado(Evento):
    TOPIC = "CampaniaPagoDesasociado.v1"
    payout_id: str
    motivo: str


class PagoIgnorado(Evento):
    """A payment fact that came too late; ``hecho`` is CONFIRMADO or CAIDO."""

    TOPIC = "CampaniaPagoIgnorado.v1"
    payout_id: str
    hecho: str


class Cancelada(Evento):
    """``payout_id`` is the payment that fell; None when somebody cancelled."""

    TOPIC = "CampaniaCancelada.v1"
    motivo: str
    payout_id: str | None
