"""The money of a campaign."""

from dataclasses import dataclass, field

from domain.base.dinero import Dinero, MonedasDistintas
from domain.campanias.errores import (
    GastoConOtrosDatos,
    PresupuestoExcedido,
    PresupuestoMenorQueElGasto,
    SinPresupuesto,
)


@dataclass(slots=True)
class Cuenta:
    """What may be spent and what was, in one currency for ever. ``gastado`` is None until the first expense."""

    presupuesto: Dinero | None
    moneda: str | None
    gastos: dict[str, Dinero] = field(default_factory=dict)
    gastado: Dinero | None = None

    def ya_conto(self, gasto_id: str, monto: Dinero) -> bool:
        """Whether an expense was counted before. Raises GastoConOtrosDatos."""
        if gasto_id not in self.gastos:
            return False
        if self.gastos[gasto_id] != monto:
            raise GastoConOtrosDatos
        return True

    def exigir_que_quepa(self, monto: Dinero) -> None:
        """Raises SinPresupuesto, MonedasDistintas, PresupuestoExcedido."""
        if self.presupuesto is None:
            raise SinPresupuesto
        if self._gastado_con(monto) > self.presupuesto:
            raise PresupuestoExcedido

    def exigir_ajustable(self, presupuesto: Dinero) -> None:
        """Raises MonedasDistintas, PresupuestoMenorQueElGasto."""
        if self.moneda not in (None, presupuesto.moneda):
            raise MonedasDistintas
        if self.gastado is not None and self.gastado > presupuesto:
            raise PresupuestoMenorQueElGasto

    def gastar(self, gasto_id: str, monto: Dinero) -> None:
        self.gastado = self._gastado_con(monto)
        self.gastos[gasto_id] = monto

    def ajustar(self, presupuesto: Dinero) -> None:
        self.presupuesto, self.moneda = presupuesto, presupuesto.moneda

    def _gastado_con(self, monto: Dinero) -> Dinero:
        return monto if self.gastado is None else self.gastado + monto
