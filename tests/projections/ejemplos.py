"""Aggregates with the data that the tests of projections need."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from domain.base.contexto import Contexto, en_contexto
from domain.base.dinero import Dinero
from domain.base.valores import Nombre
from domain.campanias.agregado import Campania
from domain.campanias.comandos import CrearCampania
from domain.campanias.datos import DatosDeCampania
from domain.cliente.agregado import Cliente
from domain.pagos.agregado import Payout
from domain.pagos.comandos import CrearPago
from domain.pagos.comision import POLITICA_VIGENTE
from domain.pagos.informe import Informe

AHORA = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
NACIDA = datetime(1990, 5, 17, tzinfo=UTC)


@contextmanager
def a_las(instante: datetime = AHORA) -> Iterator[None]:
    """Whatever is decided within was recorded then."""
    with en_contexto(Contexto(ahora=instante)):
        yield


def tras(segundos: float) -> datetime:
    """So many seconds after AHORA."""
    return AHORA + timedelta(seconds=segundos)


def cliente(id: str = "ana", instante: datetime = AHORA, nombre: str = "Ana Díaz") -> Cliente:
    with a_las(instante):
        return Cliente(
            id=id,
            nombre=nombre,
            email=f"{id}@ejemplo.co",
            cedula="0012345",
            fecha_nacimiento=NACIDA,
            huella_email=f"e-{id}",
            huella_cedula=f"c-{id}",
        )


def renombrar(quien: Cliente, nombre: str) -> None:
    quien.actualizar(Nombre.de(nombre), None, None, None, lambda _, valor: valor)


def payout(id: str = "payout-1", instante: datetime = AHORA, **dicho: object) -> Payout:
    """Driven by the processor unless ``dicho`` reports more."""
    cuerpo: dict[str, object] = {
        "partner_id": "partner",
        "cycle_id": "ciclo",
        "total_amount": Decimal("1250.50"),
        "currency": "USD",
    }
    with a_las(instante):
        informe = Informe.de(CrearPago(payout_id=id, **{**cuerpo, **dicho}), instante)  # type: ignore[arg-type]
        return Payout.crear(id, informe, POLITICA_VIGENTE, instante)


def pagado(id: str = "payout-1", completado: datetime = AHORA, **dicho: object) -> Payout:
    """Reported as paid at ``completado``."""
    return payout(id, completado, confirmation_id=f"TX-{id}", completed_at=completado, **dicho)


def campania(id: str = "CAMP001", cliente_id: str = "ana", instante: datetime = AHORA, **dicho: object) -> Campania:
    with a_las(instante):
        orden = CrearCampania(id, cliente_id, ("Quito", "Lima"), **dicho)  # type: ignore[arg-type]
        return Campania.crear(id, DatosDeCampania.de(orden))


def dolares(unidades: int) -> Dinero:
    return Dinero(unidades, "USD")
