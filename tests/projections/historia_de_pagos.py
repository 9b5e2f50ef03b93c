"""A book of payouts in every state, and domain.md's answers read plainly from the aggregates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from domain.pagos.agregado import Payout
from domain.pagos.estado import Estado
from projections.payouts.agregados import Agregados
from projections.payouts.filtro import Filtro
from tests.projections.ejemplos import a_las, payout

PARTNERS = ("ana", "beto", "PARTNER001")
MONEDAS = ("USD", "USD", "EUR", "JPY")
DESDE = datetime(2025, 11, 20, tzinfo=UTC)
SEGUNDOS = 80 * 86_400
DESTINOS: dict[Estado, int] = {
    Estado.PENDIENTE: 2,
    Estado.PROCESANDO: 1,
    Estado.COMPLETADO: 5,
    Estado.FALLIDO: 2,
    Estado.REVERTIDO: 1,
    Estado.CANCELADO: 1,
}


@dataclass(frozen=True)
class Ordenado:
    """A payout of the book, and the instant by which lists order it."""

    payout: Payout
    creado: datetime


def libro(cuantos: int, semilla: int = 1) -> list[Ordenado]:
    """``cuantos`` payouts over eighty days, many of the same instant; the same for the same seed."""
    azar = Random(semilla)  # noqa: S311 - made to be repeated
    return [_uno(azar, numero) for numero in range(cuantos)]


def _uno(azar: Random, numero: int) -> Ordenado:
    # Coarse, so that many share an instant, and midnights are among them.
    cuando = DESDE + timedelta(seconds=azar.randrange(0, SEGUNDOS, 21_600))
    moneda = azar.choice(MONEDAS)
    monto = Decimal(azar.choice((1, 999, 1000, 1234, 99_999, azar.randrange(1, 500_000))))
    uno = payout(
        f"payout-{azar.getrandbits(64):016x}-{numero}",
        cuando,
        partner_id=azar.choice(PARTNERS),
        total_amount=monto if moneda == "JPY" else monto / 100,
        currency=moneda,
    )
    destino = azar.choices(list(DESTINOS), list(DESTINOS.values()))[0]
    llevar(uno, destino, cuando + timedelta(seconds=60))
    return Ordenado(uno, cuando)


def llevar(uno: Payout, destino: Estado, cuando: datetime) -> None:
    """Drive a PENDIENTE payout to a state."""
    with a_las(cuando):
        if destino is Estado.CANCELADO:
            uno.cancelar("ya no")
        elif destino is not Estado.PENDIENTE:
            uno.procesar(cuando)
        if destino in (Estado.COMPLETADO, Estado.REVERTIDO):
            uno.confirmar(f"TX-{uno.id}", cuando, cuando)
        if destino is Estado.REVERTIDO:
            uno.revertir("devolución")
        if destino is Estado.FALLIDO:
            uno.fallar("CUENTA", "cuenta cerrada", definitivo=True, ahora=cuando)


def los_de(libro: Sequence[Ordenado], filtro: Filtro) -> list[Payout]:
    """Those that a list of ``filtro`` shows, in its order."""
    elegidos = [uno for uno in libro if _cabe(uno, filtro)]
    return [uno.payout for uno in sorted(elegidos, key=lambda uno: (uno.creado, uno.payout.id), reverse=True)]


def _cabe(uno: Ordenado, filtro: Filtro) -> bool:
    pago = uno.payout
    return (
        (filtro.partner_id is None or pago.partner_id == filtro.partner_id)
        and (not filtro.estados or pago.estado in filtro.estados)
        and (filtro.desde is None or uno.creado >= filtro.desde)
        and (filtro.hasta is None or uno.creado <= filtro.hasta)
        and (filtro.monto_min is None or pago.monto.valor >= filtro.monto_min)
        and (filtro.monto_max is None or pago.monto.valor <= filtro.monto_max)
    )


def agregados_de(pagos: Sequence[Payout]) -> Agregados:
    """contract.md's aggregates, one payout after the other."""
    monedas = [pago.monto.moneda for pago in pagos]
    totales = {
        moneda: sum((pago.monto.valor for pago in pagos if pago.monto.moneda == moneda), Decimal(0))
        for moneda in sorted(set(monedas))
    }
    principal = min(totales, key=lambda moneda: (-monedas.count(moneda), moneda), default=None)
    return Agregados(
        total=len(pagos),
        pagos_pendientes=sum(pago.estado in ("PENDIENTE", "PROCESANDO") for pago in pagos),
        pagos_completados=sum(pago.estado == "COMPLETADO" for pago in pagos),
        pagos_fallidos=sum(pago.estado in ("FALLIDO", "CANCELADO", "REVERTIDO") for pago in pagos),
        totales_por_moneda=totales,
        total_monto=totales[principal] if principal else Decimal(0),
        moneda=principal,
    )
