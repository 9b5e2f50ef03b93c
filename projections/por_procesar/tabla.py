"""The payment processor's to-do: payouts that nobody reported and that are not settled."""

from dataclasses import dataclass
from datetime import datetime

from projections.motor.tabla import Indice, Tabla

TERMINADO = "TERMINADO"
"""Nothing is left to do: such a row leaves the table."""


@dataclass(slots=True)
class FilaDePorProcesar:
    """``vence_en``: when the processor should look again. ``desde``: since when it is in this ``estado``.

    ``estado`` is PENDIENTE (to be paid), PROCESANDO (its answer is overdue at ``vence_en``) or FALLIDO (to be
    tried again). ``intento`` is the attempt under way, or the last one.
    """

    payout_id: str
    estado: str
    intento: int
    desconocido: bool
    desde: datetime
    vence_en: datetime


POR_PROCESAR: Tabla[FilaDePorProcesar] = Tabla(
    "por_procesar",
    FilaDePorProcesar,
    clave="payout_id",
    sobra=lambda fila: fila.estado == TERMINADO,
    indices=(Indice("vence", "(desconocido, vence_en)"),),
)
