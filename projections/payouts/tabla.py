"""Payouts as they stand, and the lines of their commissions. Amounts are in major units."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from projections.motor.tabla import Indice, Tabla


@dataclass(slots=True)
class FilaDePayout:
    """``cliente_id`` and ``campania_id`` as told; whose payment it counts as is the clients' read model's answer."""

    id: str
    partner_id: str
    cycle_id: str
    cliente_id: str | None
    campania_id: str | None
    monto: Decimal
    moneda: str
    estado: str
    payment_method_type: str | None
    payment_method_mask: str | None
    reportado: bool
    intento: int
    desconocido: bool
    confirmation_id: str | None
    codigo_fallo: str | None
    motivo: str | None
    fecha_creacion: datetime
    fecha_actualizacion: datetime
    fecha_procesamiento: datetime | None
    fecha_completado: datetime | None
    version: int


@dataclass(slots=True)
class FilaDeTransaccion:
    """A line that never changes: COMISION is positive, REVERSO_COMISION negative."""

    id: str
    payout_id: str
    partner_id: str
    tipo: str
    comision: Decimal
    moneda: str
    event_type: str
    fecha: datetime


PAYOUTS = Tabla(
    "payouts",
    FilaDePayout,
    binarias=("partner_id", "cycle_id", "moneda", "estado"),
    indices=(
        # Each filter's own order, and what is added up beside it, so that rows that don't show are not visited.
        Indice("recientes", "(fecha_creacion DESC, id DESC) INCLUDE (estado, moneda, monto)"),
        Indice("estado", "(estado, fecha_creacion DESC, id DESC) INCLUDE (moneda, monto)"),
        Indice("partner", "(partner_id, fecha_creacion DESC, id DESC) INCLUDE (estado, moneda, monto)"),
        Indice("monto", "(monto) INCLUDE (estado, moneda)"),
    ),
)
TRANSACTIONS = Tabla(
    "transactions", FilaDeTransaccion, binarias=("payout_id",), indices=(Indice("payout", "(payout_id)"),)
)
