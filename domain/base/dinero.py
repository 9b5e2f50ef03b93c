"""Money: an exact number of minor units of one ISO 4217 currency."""

from dataclasses import dataclass
from decimal import Decimal

from domain.base.errores import ReglaRota
from domain.base.monedas import DECIMALES

CIFRAS = 15
MAXIMO = 10**CIFRAS - 1
"""Largest amount in minor units: fifteen digits, which every JSON reader holds exactly in a double."""


class MonedaDesconocida(ReglaRota):
    codigo = "MONEDA_DESCONOCIDA"
    mensaje = "La moneda debe ser un código ISO 4217"


class MontoNoPositivo(ReglaRota):
    codigo = "MONTO_NO_POSITIVO"
    mensaje = "El monto debe ser mayor que cero"


class DemasiadosDecimales(ReglaRota):
    codigo = "DEMASIADOS_DECIMALES"
    mensaje = "El monto tiene más decimales que su moneda"


class MontoDemasiadoGrande(ReglaRota):
    codigo = "MONTO_DEMASIADO_GRANDE"
    mensaje = "El monto es demasiado grande"


class MonedasDistintas(ReglaRota):
    codigo = "MONEDAS_DISTINTAS"
    mensaje = "Los montos están en monedas distintas"


def codigo_de_moneda(dicho: str) -> str:
    """The code of a currency, raised. Raises MonedaDesconocida."""
    codigo = dicho.strip().upper()
    # Raising turns some letters of other alphabets into ours: the long s of "uſd" into a plain one.
    if not dicho.isascii() or codigo not in DECIMALES:
        raise MonedaDesconocida
    return codigo


@dataclass(frozen=True, slots=True)
class Dinero:
    """``unidades`` minor units of ``moneda``: 1250.50 USD is ``Dinero(125050, "USD")``."""

    unidades: int
    moneda: str

    @classmethod
    def de(cls, valor: Decimal, moneda: str) -> "Dinero":
        """Read an amount in major units. Nothing is rounded.

        Raises MonedaDesconocida, DemasiadosDecimales, MontoDemasiadoGrande, MontoNoPositivo.
        """
        moneda = codigo_de_moneda(moneda)
        if not valor.is_finite() or valor.adjusted() > CIFRAS:
            raise MontoDemasiadoGrande
        if valor <= 0:
            raise MontoNoPositivo
        if valor.adjusted() < -CIFRAS:
            raise DemasiadosDecimales
        # A Decimal operation would round at the context's 28 digits; whole numbers never do.
        numerador, denominador = valor.as_integer_ratio()
        unidades, resto = divmod(numerador * 10 ** DECIMALES[moneda], denominador)
        if resto:
            raise DemasiadosDecimales
        if unidades > MAXIMO:
            raise MontoDemasiadoGrande
        return cls(unidades, moneda)

    @property
    def valor(self) -> Decimal:
        """The amount in major units, with the currency's decimals."""
        return Decimal(self.unidades).scaleb(-DECIMALES[self.moneda])

    def __add__(self, otro: "Dinero") -> "Dinero":
        self._exigir_misma_moneda(otro)
        return Dinero(self.unidades + otro.unidades, self.moneda)

    def __neg__(self) -> "Dinero":
        return Dinero(-self.unidades, self.moneda)

    def __gt__(self, otro: "Dinero") -> bool:
        self._exigir_misma_moneda(otro)
        return self.unidades > otro.unidades

    def _exigir_misma_moneda(self, otro: "Dinero") -> None:
        if self.moneda != otro.moneda:
            raise MonedasDistintas
