"""Campaigns as they stand. Amounts are in major units of ``moneda``."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from projections.busqueda.plegado import trigramas
from projections.motor.tabla import Indice, Tabla


@dataclass(slots=True)
class FilaDeCampania:
    """``busqueda`` is what is searched: its name and its id (see ``plegado.py``)."""

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
    busqueda: str
    version: int


CAMPANIAS = Tabla(
    "campanias",
    FilaDeCampania,
    binarias=("cliente_id", "estado", "busqueda"),
    indices=(
        Indice("recientes", "(fecha_creacion DESC, id DESC)"),
        Indice("estado", "(estado, fecha_creacion DESC, id DESC)"),
        Indice("cliente", "(cliente_id, fecha_creacion DESC, id DESC)"),
        Indice("busqueda", trigramas("busqueda")),
        Indice("inicio", "(fecha_inicio) WHERE estado = 'APROBADA'"),
        Indice("fin", "(fecha_fin) WHERE estado IN ('APROBADA', 'ACTIVA', 'PAUSADA')"),
    ),
)
