"""How many payouts there are and what they amount to, by what lists are filtered by. Kept, so that a total is a sum of
cells whatever the number of payouts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_DOWN, Decimal

from projections.motor.conteos import Conteo, Cuentas
from projections.motor.tabla import Tabla
from projections.payouts.referencias import Referencias
from projections.payouts.tabla import PAYOUTS, FilaDePayout

CIFRAS_DE_TRAMO = 3
"""Amounts that share their first so many digits are counted together: 1234.56 in 1230."""


@dataclass(slots=True)
class FilaDeEstado:
    """All payouts in a state and a currency: ``pagos`` of them, ``monto`` in major units."""

    estado: str
    moneda: str
    pagos: int
    monto: Decimal


@dataclass(slots=True)
class FilaDeDia:
    """Those of one day (UTC) of fecha_creacion."""

    dia: date
    estado: str
    moneda: str
    pagos: int
    monto: Decimal


@dataclass(slots=True)
class FilaDePartner:
    """Those of one partner."""

    partner_id: str
    estado: str
    moneda: str
    pagos: int
    monto: Decimal


@dataclass(slots=True)
class FilaDeMes:
    """Those of one partner in one month (UTC) of fecha_creacion, named by its first day."""

    partner_id: str
    mes: date
    estado: str
    moneda: str
    pagos: int
    monto: Decimal


@dataclass(slots=True)
class FilaDeTramo:
    """Those of about the same amount, at least ``tramo`` and less than the next."""

    tramo: Decimal
    estado: str
    moneda: str
    pagos: int
    monto: Decimal


def dia_de(instante: datetime) -> date:
    """The day (UTC) of an aware instant."""
    return instante.astimezone(UTC).date()


def mes_de(instante: datetime) -> date:
    """The first day of the month (UTC) of an aware instant."""
    return dia_de(instante).replace(day=1)


def paso_de_tramo(monto: Decimal) -> Decimal:
    """Width of the tramo of a positive amount."""
    return Decimal((0, (1,), monto.adjusted() - CIFRAS_DE_TRAMO + 1))


def tramo_de(monto: Decimal) -> Decimal:
    """Lower end of the tramo of a positive amount."""
    return monto.quantize(paso_de_tramo(monto), rounding=ROUND_DOWN)


def _suma(fila: FilaDePayout) -> tuple[int, Decimal]:
    return 1, fila.monto


_CELDA = ("estado", "moneda")
_DIA = {"dia": "(fecha_creacion AT TIME ZONE 'UTC')::date"}
_MES = {"mes": "date_trunc('month', fecha_creacion AT TIME ZONE 'UTC')::date"}
_ENTERAS = "floor(log(monto))::integer"
# An amount written by hand may have no logarithm.
_TRAMO = {
    "tramo": f"CASE WHEN monto > 0 AND monto < 'Infinity' THEN trunc(monto, {CIFRAS_DE_TRAMO - 1} - {_ENTERAS}) END"
}
POR_ESTADO = Tabla("payouts_por_estado", FilaDeEstado, clave="estado", resto_de_clave=("moneda",))
POR_DIA = Tabla("payouts_por_dia", FilaDeDia, clave="dia", resto_de_clave=_CELDA)
POR_PARTNER = Tabla("payouts_por_partner", FilaDePartner, clave="partner_id", resto_de_clave=_CELDA)
POR_MES = Tabla("payouts_por_partner_y_mes", FilaDeMes, clave="partner_id", resto_de_clave=("mes", *_CELDA))
POR_TRAMO = Tabla("payouts_por_tramo", FilaDeTramo, clave="tramo", resto_de_clave=_CELDA)

CUENTAS = Cuentas(
    (
        Conteo(PAYOUTS, POR_ESTADO, lambda fila: (fila.estado, fila.moneda), _suma),
        Conteo(PAYOUTS, POR_DIA, lambda fila: (dia_de(fila.fecha_creacion), fila.estado, fila.moneda), _suma, _DIA),
        Conteo(PAYOUTS, POR_PARTNER, lambda fila: (fila.partner_id, fila.estado, fila.moneda), _suma),
        Conteo(
            PAYOUTS,
            POR_MES,
            lambda fila: (fila.partner_id, mes_de(fila.fecha_creacion), fila.estado, fila.moneda),
            _suma,
            _MES,
        ),
        Conteo(PAYOUTS, POR_TRAMO, lambda fila: (tramo_de(fila.monto), fila.estado, fila.moneda), _suma, _TRAMO),
        Referencias(),
    )
)
