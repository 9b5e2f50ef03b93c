"""Campaigns as they stand. Amounts are in major units of ``moneda``."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from projections.motor.tabla import Indice, Tabla


@dataclass(slots=True)
class FilaDeCampania:
    id: str
    nombre: str
    cliente_id: str
    estado: str
    itinerario: list[str]
    presupuesto: Decimal | None
    gasto_actual: Decimal
    moneda: str | None
    fecha_inicio: datetime | None
    fecha_fin: datetime | None
    motivo: str | None
    fecha_creacion: datetime
    fecha_actualizacion: datetime
    version: int


CAMPANIAS = Tabla(
    "campanias",
    FilaDeCampania,
    indices=(
        Indice("inicio", "(fecha_inicio) WHERE estado = 'APROBADA'"),
        Indice("fin", "(fecha_fin) WHERE estado IN ('APROBADA', 'ACTIVA', 'PAUSADA')"),
    ),
)
