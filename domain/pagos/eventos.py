"""What can happen to a payout. ``campania`` is the campaign that the payment may belong to."""

from datetime import datetime

from domain.base.agregado import Evento, EventoInicial
from domain.base.dinero import Dinero
from domain.base.texto import es_identificador


def campania_de(campania_id: str | None, cycle_id: str) -> str | None:
    """The campaign that a payment may belong to: the one told, else the cycle when it can be one."""
    return campania_id or (cycle_id if es_identificador(cycle_id) else None)


class Creado(EventoInicial):
    """Everything as told, so that the same report can be recognised."""

    TOPIC = "PagoCreado.v1"
    partner_id: str
    cycle_id: str
    monto: Dinero
    payment_method_type: str | None
    payment_method_mask: str | None
    cliente_id: str | None
    campania_id: str | None
    reportado: bool
    confirmation_id: str | None
    processed_at: datetime | None
    completed_at: datetime | None


class ComisionCalculada(Evento):
    TOPIC = "PagoComisionCalculada.v1"
    comision: Dinero
    base: Dinero
    tasa_pb: int
    politica: str
    politica_version: int


class Procesado(Evento):
    """``processed_at`` is None when a report told neither when it was ordered nor when it was completed."""

    TOPIC = "PagoProcesado.v1"
    intento: int
    processed_at: datetime | None


class Confirmado(Evento):
    TOPIC = "PagoConfirmado.v1"
    confirmation_id: str
    completed_at: datetime
    campania: str | None


class Fallido(Evento):
    TOPIC = "PagoFallido.v1"
    codigo: str
    motivo: str
    definitivo: bool
    failed_at: datetime
    campania: str | None


class ResultadoDesconocido(Evento):
    TOPIC = "PagoResultadoDesconocido.v1"
    intento: int


class Reintentado(Evento):
    TOPIC = "PagoReintentado.v1"
    intento: int


class Revertido(Evento):
    TOPIC = "PagoRevertido.v1"
    motivo: str
    campania: str | None


class Cancelado(Evento):
    TOPIC = "PagoCancelado.v1"
    motivo: str


class ComisionRevertida(Evento):
    TOPIC = "PagoComisionRevertida.v1"
    comision: Dinero
