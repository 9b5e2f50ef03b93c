"""A campaign to tell stories about, and how it came to each of its states."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.base.dinero import Dinero
from domain.campanias.agregado import Campania
from domain.campanias.comandos import CrearCampania
from domain.campanias.datos import DatosDeCampania
from domain.campanias.estado import Estado

ID = "CAMP001"
AHORA = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
AYER, MANANA, PASADO_MANANA = AHORA - timedelta(days=1), AHORA + timedelta(days=1), AHORA + timedelta(days=2)
MIL_USD = Dinero(100_000, "USD")

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


def creada(datos: DatosDeCampania = DATOS) -> Campania:
    """A campaign that waits for its payment. Needs a context."""
    return Campania.crear(ID, datos)


def campania_en(estado: Estado, datos: DatosDeCampania = DATOS) -> Campania:
    """A campaign that came to ``estado`` by the shortest way. Needs a context."""
    campania = creada(datos)
    if estado is Estado.CANCELADA:
        campania.cancelar("sin fondos")
    if estado in {Estado.PENDIENTE, Estado.CANCELADA}:
        return campania
    campania.asociar_pago(PAGO)
    if estado in {Estado.ACTIVA, Estado.PAUSADA}:
        campania.activar(AHORA)
    if estado is Estado.PAUSADA:
        campania.pausar()
    if estado is Estado.FINALIZADA:
        campania.finalizar(AHORA)
    return campania
