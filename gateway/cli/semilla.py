"""Synthetic commands, the same for the same seed: clients, their campaigns, and payouts of every kind."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from domain.base.monedas import DECIMALES
from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import RegistrarCliente
from domain.pagos.comandos import CrearPago

NOMBRES = ("Ana", "Bruno", "Carla", "Diego", "Elena", "Fabián", "Gloria", "Hugo", "Inés", "Julián", "Lucía", "Tomás")
APELLIDOS = ("Gómez", "Díaz", "Ñáñez", "Rojas", "Peña", "Vargas", "Muñoz", "Salazar", "Ibáñez", "Quintero", "Zapata")
LUGARES = ("Bogotá", "Medellín", "Cali", "Cartagena", "Lima", "Quito", "Santiago", "Madrid")
MONEDAS = ("USD", "USD", "USD", "COP", "COP", "EUR", "CLP", "JPY", "KWD")
DESDE = datetime(2025, 1, 1, tzinfo=UTC)
DIAS = 540


class Semilla:
    """``cantidad`` of each kind. Ids name the seed, so that two seeds never meet; more begins like fewer."""

    def __init__(self, cantidad: int, semilla: int) -> None:
        self._cantidad, self._semilla = cantidad, semilla

    def clientes(self) -> Iterator[RegistrarCliente]:
        azar = self._azar("clientes")
        for n in range(self._cantidad):
            nombre, apellido = azar.choice(NOMBRES), azar.choice(APELLIDOS)
            yield RegistrarCliente(
                id=self._id("c", n),
                nombre=f"{nombre} {apellido}",
                email=f"s{self._semilla}.c{n}@ejemplo.co",
                cedula=f"9{self._semilla:09d}{n:08d}",
                fecha_nacimiento=datetime(
                    azar.randint(1950, 2004), azar.randint(1, 12), azar.randint(1, 28), tzinfo=UTC
                ),
            )

    def campanias(self) -> Iterator[CrearCampania]:
        azar = self._azar("campanias")
        for n in range(self._cantidad):
            inicio = self._fecha(azar) if azar.random() < 0.7 else None
            moneda = azar.choice(MONEDAS)
            yield CrearCampania(
                campania_id=self._id("k", n),
                cliente_id=self._id("c", azar.randrange(n + 1)),
                itinerario=tuple(azar.sample(LUGARES, azar.randint(0, 4))),
                nombre=f"Campaña {azar.choice(LUGARES)} {n}",
                presupuesto=self._monto(azar, moneda) * 10,
                moneda=moneda,
                fecha_inicio=inicio,
                fecha_fin=inicio and inicio + timedelta(days=azar.randint(30, 900)),
            )

    def pagos(self) -> Iterator[CrearPago]:
        azar = self._azar("pagos")
        for n in range(self._cantidad):
            cuando = self._fecha(azar)
            con_campania = azar.random() < 0.4
            moneda = azar.choice(MONEDAS)
            yield CrearPago(
                payout_id=f"payout-{_uuid7(cuando, azar)}",
                partner_id=self._id("c", azar.randrange(n + 1)),
                cycle_id=self._id("k", azar.randrange(n + 1)) if con_campania else f"{cuando:%Y-%m}",
                total_amount=self._monto(azar, moneda),
                currency=moneda,
                payment_method_type=azar.choice(("tarjeta", "transferencia")),
                payment_method_mask=f"****{azar.randint(0, 9999):04d}",
                **_informe(azar, cuando, f"S{self._semilla}-{n}"),
            )

    def _azar(self, de_que: str) -> Random:
        return Random(f"{self._semilla}:{de_que}")  # noqa: S311 - made to be repeated, not to be secret

    def _id(self, clase: str, n: int) -> str:
        return f"s{self._semilla}-{clase}{n}"

    def _fecha(self, azar: Random) -> datetime:
        return DESDE + timedelta(seconds=azar.randrange(DIAS * 86_400))

    def _monto(self, azar: Random, moneda: str) -> Decimal:
        return Decimal(azar.randint(1_000, 500_000)).scaleb(-DECIMALES[moneda])


def _informe(azar: Random, cuando: datetime, confirmacion: str) -> dict[str, Any]:
    """Seven in ten were paid; the others failed, are under way, or nobody has reported them yet."""
    suerte = azar.random()
    if suerte < 0.7:
        pagado = cuando + timedelta(seconds=azar.randint(0, 3_600))
        return {"confirmation_id": confirmacion, "processed_at": cuando, "completed_at": pagado}
    if suerte < 0.8:
        return {"failure_reason": azar.choice(("fondos insuficientes", "cuenta cerrada"))}
    return {"processed_at": cuando} if suerte < 0.9 else {}


def _uuid7(cuando: datetime, azar: Random) -> uuid.UUID:
    milisegundos = int(cuando.timestamp() * 1000)
    return uuid.UUID(int=milisegundos << 80 | 7 << 76 | azar.getrandbits(12) << 64 | 2 << 62 | azar.getrandbits(62))
