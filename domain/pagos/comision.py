"""What we keep of a payout."""

from dataclasses import dataclass

from domain.base.dinero import Dinero

PUNTOS_BASICOS = 10_000


@dataclass(frozen=True, slots=True)
class PoliticaDeComision:
    """A rate under a name and a version. ``tasa_pb`` is in basis points: 1000 is 10 %."""

    nombre: str
    version: int
    tasa_pb: int

    def comision(self, base: Dinero) -> Dinero:
        """The commission on ``base``, rounded half up to the currency's minor unit."""
        return Dinero((base.unidades * self.tasa_pb + PUNTOS_BASICOS // 2) // PUNTOS_BASICOS, base.moneda)


POLITICA_VIGENTE = PoliticaDeComision("ESTANDAR", version=1, tasa_pb=1_000)
