"""A campaign to tell stories about, and how it came to each of its states."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.base.dinero import Dinero
from domain.campanias.agregado import Campania
from domain.campanias.comandos import CrearCampania
from domain.campanias.datos import DatosDeCampania
from domain.campanias.estado import Estado
from tests.domain.especificacion import AHORA, Hecho, hecho

ID = "CAMP001"
AYER, MANANA = AHORA - timedelta(days=1), AHORA + timedelta(days=1)

CREAR = CrearCampania(
    campania_id=ID,
    cliente_id="CLI-1",
    itinerario=("Madrid", "Barcelona", "Valencia"),
    nombre="Verano",
    presupuesto=Decimal("1000"),
    moneda="USD",
)
DATOS = DatosDeCampania.de(CREAR)
PAGO = "payout-0"
"""The payment that approves every example."""


def usd(valor: str) -> Dinero:
    return Dinero.de(Decimal(valor), "USD")


def creada(**otros: Any) -> Hecho:
    """The campaign that CREAR asks for, but for what differs."""
    datos: dict[str, Any] = {
        "cliente_id": "CLI-1",
        "itinerario": ("Madrid", "Barcelona", "Valencia"),
        "nombre": "Verano",
        "presupuesto": usd("1000"),
        "moneda": "USD",
        "fecha_inicio": None,
        "fecha_fin": None,
    }
    return hecho(Campania.Creada, **datos | otros)


def en(estado: Estado, inicio: datetime | None = None, fin: datetime | None = None, **otros: Any) -> list[Hecho]:
    """The shortest history that leads to ``estado``."""
    historia = [creada(fecha_inicio=inicio, fecha_fin=fin, **otros)]
    if estado is Estado.CANCELADA:
        return [*historia, hecho(Campania.Cancelada, motivo="sin fondos", payout_id=None)]
    if estado is not Estado.PENDIENTE:
        historia.append(APROBADA)
    if estado in {Estado.ACTIVA, Estado.PAUSADA}:
        historia.append(ACTIVADA)
    if estado is Estado.PAUSADA:
        historia.append(PAUSADA)
    if estado is Estado.FINALIZADA:
        historia.append(FINALIZADA)
    return historia


APROBADA = hecho(Campania.Aprobada, payout_id=PAGO, origen="PAGOS")
ACTIVADA = hecho(Campania.Activada)
PAUSADA = hecho(Campania.Pausada)
REANUDADA = hecho(Campania.Reanudada)
FINALIZADA = hecho(Campania.Finalizada)


def gastado(gasto_id: str, valor: str) -> Hecho:
    return hecho(Campania.GastoRegistrado, gasto_id=gasto_id, monto=usd(valor))
