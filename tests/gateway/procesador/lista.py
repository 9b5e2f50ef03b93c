"""The payment processor's to-do list in memory, and a driver over it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.pagos.agregado import Payout
from domain.pagos.comandos import CrearPago
from domain.pagos.estado import Estado
from domain.pagos.procesador import ProcesadorDePagos
from gateway.composicion import Sistema
from gateway.procesador.conductor import Conductor
from tests.eventualmente import eventualmente


@dataclass(frozen=True)
class Linea:
    payout_id: str
    estado: str
    intento: int
    desconocido: bool


class Lista:
    """The to-do list's twin in memory: never behind, and everything in it is due."""

    def __init__(self, sistema: Sistema, *ordenes: CrearPago) -> None:
        self._sistema = sistema
        self.ids = [sistema.pagos.ejecutar(orden).id for orden in ordenes]

    def payouts(self) -> list[Payout]:
        return [payout for payout_id in self.ids if (payout := self._sistema.pagos.buscar(Payout, payout_id))]

    def estados(self) -> list[str]:
        return [payout.estado for payout in self.payouts()]

    def lineas(self) -> list[Linea]:
        return [
            Linea(uno.id, uno.estado, uno.fallos if uno.estado is Estado.FALLIDO else uno.intento, uno.desconocido)
            for uno in self.payouts()
            if uno.estado in {Estado.PENDIENTE, Estado.PROCESANDO}
            or (uno.estado is Estado.FALLIDO and not uno.definitivo)
        ]

    def vencidos(self, _: datetime, limite: int) -> Sequence[Linea]:
        return self.lineas()[:limite]


@contextmanager
def conductor_de(sistema: Sistema, lista: Lista, procesador: ProcesadorDePagos) -> Iterator[Conductor]:
    conductor = Conductor(sistema.pagos, procesador, lista.vencidos, sistema.reloj, silencio=timedelta(milliseconds=20))
    yield conductor
    conductor.cerrar()


def conducir(conductor: Conductor, lista: Lista, listo: Callable[[list[Payout]], bool]) -> None:
    """Drive until ``listo`` accepts the payouts."""

    def payouts() -> list[Payout]:
        conductor.paso()
        return lista.payouts()

    eventualmente(payouts, listo)


def todos(estado: Estado) -> Callable[[list[Payout]], bool]:
    return lambda payouts: all(payout.estado is estado for payout in payouts)
