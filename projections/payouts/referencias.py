"""Which partners and cycles payouts name, for the search: far fewer than payouts, and each with its count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from projections.busqueda.plegado import buscable, trigramas
from projections.motor.proyeccion import Cambios
from projections.motor.tabla import Indice, Tabla
from projections.payouts.tabla import PAYOUTS, FilaDePayout

_SUMAR = """
    INSERT INTO payouts_referencias AS t (partner_id, cycle_id, busqueda, pagos, reciente, ultimo)
    SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::bigint[], %b::timestamptz[], %b::text[])
    ON CONFLICT (partner_id, cycle_id) DO UPDATE SET pagos = t.pagos + excluded.pagos,
        reciente = greatest(t.reciente, excluded.reciente),
        ultimo = CASE WHEN (t.reciente, t.ultimo) < (excluded.reciente, excluded.ultimo)
                 THEN excluded.ultimo ELSE t.ultimo END
"""
_SIN_OTRAS: Mapping[str, str] = {}
_AGREGADOS: Mapping[str, str] = {
    "pagos": "count(*)",
    "reciente": "max(fecha_creacion)",
    "ultimo": "(array_agg(id ORDER BY fecha_creacion DESC, id DESC))[1]",
}


@dataclass(slots=True)
class FilaDeReferencia:
    """``pagos`` payouts name both. ``ultimo`` is the newest of them, of the instant ``reciente``.

    ``busqueda`` holds both names as they are searched (see ``plegado.py``).
    """

    partner_id: str
    cycle_id: str
    busqueda: str
    pagos: int
    reciente: datetime
    ultimo: str


REFERENCIAS = Tabla(
    "payouts_referencias",
    FilaDeReferencia,
    clave="partner_id",
    resto_de_clave=("cycle_id",),
    binarias=("busqueda", "ultimo"),
    indices=(Indice("busqueda", trigramas("busqueda")),),
)


class Referencias:
    """Keeps them. A payout never changes what it names, nor goes away: only new ones count."""

    de: Tabla[Any] = PAYOUTS
    tabla: Tabla[Any] = REFERENCIAS
    sumar, limpiar = _SUMAR, ""
    cuentan, en_sql, agregados = "true", _SIN_OTRAS, _AGREGADOS

    def aporta(self, fila: FilaDePayout) -> tuple[Any, ...]:
        """The row that there would be of this payout alone."""
        cuales = fila.partner_id, fila.cycle_id
        return (*cuales, buscable(*cuales), 1, fila.fecha_creacion, fila.id)

    def por_sumar(self, cambios: Cambios[Any]) -> list[tuple[Any, ...]]:
        """The new payouts of a batch."""
        if cambios.tabla is not PAYOUTS:
            return []
        nombradas: dict[tuple[str, str], tuple[int, datetime, str]] = {}
        for clave, fila in cambios.ahora.items():
            if clave not in cambios.antes:
                _contar(nombradas, fila)
        return sorted(
            (partner, ciclo, buscable(partner, ciclo), *resto) for (partner, ciclo), resto in nombradas.items()
        )

    def por_limpiar(self, _: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Nothing."""
        return []


def _contar(nombradas: dict[tuple[str, str], tuple[int, datetime, str]], fila: FilaDePayout) -> None:
    cuales, este = (fila.partner_id, fila.cycle_id), (fila.fecha_creacion, fila.id)
    pagos, reciente, ultimo = nombradas.get(cuales, (0, *este))
    reciente, ultimo = max(este, (reciente, ultimo))
    nombradas[cuales] = (pagos + 1, reciente, ultimo)
