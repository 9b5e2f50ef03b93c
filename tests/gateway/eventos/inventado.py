"""An aggregate with a past: its first event has had three shapes. Only tests know it."""

from datetime import datetime
from decimal import Decimal
from functools import singledispatchmethod
from typing import Annotated, Any

from eventsourcing.domain import event

from domain.base.agregado import Agregado, Evento, EventoInicial, Personal
from domain.base.aplicacion import Aplicacion
from domain.base.dinero import Dinero
from gateway.eventos.nombres import Anterior, Estado


class Vale(Agregado):
    """A voucher in somebody's name, which may be handed on to another person."""

    TOPIC = "Vale"

    class Emitido(EventoInicial):
        TOPIC = "ValeEmitido.v3"
        titular: Annotated[str | None, Personal]
        correo: Annotated[str | None, Personal]
        monto: Dinero
        vence: datetime | None

    class Usado(Evento):
        TOPIC = "ValeUsado.v1"
        lugares: tuple[str, ...]

    class Cedido(Evento):
        TOPIC = "ValeCedido.v1"
        SUJETO = "a"
        a: str
        nombre: Annotated[str | None, Personal]

    class Olvidado(Evento):
        TOPIC = "ValeOlvidado.v1"
        OLVIDA = True

    @event(Emitido)
    def __init__(self, id: str, titular: str | None, correo: str | None, monto: Dinero, vence: datetime | None) -> None:
        self.titular, self.correo, self.monto, self.vence = titular, correo, monto, vence
        self.lugares: tuple[str, ...] = ()
        self.poseedor: tuple[str, str | None] | None = None

    @event(Usado)
    def usar(self, lugares: tuple[str, ...]) -> None:
        self.lugares = lugares

    @event(Cedido)
    def ceder(self, a: str, nombre: str | None) -> None:
        self.poseedor = (a, nombre)

    @event(Olvidado)
    def olvidar(self) -> None:
        self.titular = self.correo = None


class Vales(Aplicacion):
    """Carries out whatever function it is given."""

    name = "campanias"
    modulo = "campanias"

    @singledispatchmethod
    def decidir(self, orden: Any) -> Any:
        return orden(self)


def _con_unidades(estado: Estado) -> Estado:
    """v1 told the amount as a text: "12.50 USD"."""
    valor, moneda = estado["monto"].split()
    return estado | {"monto": {"unidades": int(Decimal(valor) * 100), "moneda": moneda}}


def _con_titular(estado: Estado) -> Estado:
    """v1 and v2 had the name in two fields, and no address. They are None when the person was forgotten."""
    nombre, apellido = estado.pop("nombre"), estado.pop("apellido")
    return estado | {"titular": None if nombre is None else f"{nombre} {apellido}", "correo": None}


ANTERIORES = {
    "ValeEmitido.v1": Anterior("ValeEmitido.v2", _con_unidades, personales=("nombre", "apellido")),
    "ValeEmitido.v2": Anterior("ValeEmitido.v3", _con_titular, personales=("nombre", "apellido")),
}
