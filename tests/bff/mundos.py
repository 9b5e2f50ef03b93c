"""The three ports over the same facts, in memory and for real: a contract test can't tell which it has."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.cliente import ClienteServicePort
from bff.application.ports.pagos import PagosServicePort
from bff.infrastructure.contenedor import Contenedor
from domain.base.agregado import Agregado
from gateway.composicion import Sistema
from projections.motor.espera import esperar
from projections.registro import PROYECCIONES
from tests.bff.gemelos import CampaniasEnMemoria, ClientesEnMemoria, Hechos, PagosEnMemoria

T = TypeVar("T")


class Puertos(Protocol):
    @property
    def clientes(self) -> ClienteServicePort: ...

    @property
    def pagos(self) -> PagosServicePort: ...

    @property
    def campanias(self) -> CampaniasServicePort: ...


class Mundo(Protocol):
    """Facts come in by ``ocurre``; what a port is asked runs by ``pedir``."""

    @property
    def puertos(self) -> Puertos: ...

    def ocurre(self, modulo: str, *agregados: Agregado) -> None: ...

    def pedir(self, tarea: Coroutine[Any, Any, T]) -> T: ...


@dataclass
class Gemelos:
    """The three twins over one set of facts."""

    hechos: Hechos

    def __post_init__(self) -> None:
        self.clientes = ClientesEnMemoria(self.hechos)
        self.pagos = PagosEnMemoria(self.hechos)
        self.campanias = CampaniasEnMemoria(self.hechos)


class MundoEnMemoria:
    def __init__(self) -> None:

        self._corredor = asyncio.Runner()
        self.puertos = Gemelos(Hechos())

    def ocurre(self, modulo: str, *agregados: Agregado) -> None:
        self.puertos.hechos.ocurre(modulo, *agregados)

    def pedir(self, tarea: Coroutine[Any, Any, T]) -> T:
        return self._corredor.run(tarea)

    def cerrar(self) -> None:
        self._corredor.close()


class MundoReal:
    """The query tables and the core of a system whose workers run."""

    def __init__(self, sistema: Sistema, contenedor: Contenedor) -> None:
        self._sistema, self.puertos = sistema, contenedor

    def ocurre(self, modulo: str, *agregados: Agregado) -> None:
        for agregado in agregados:
            self._sistema.aplicaciones[modulo].save(agregado)
        self.alcanzar()

    def alcanzar(self) -> None:
        """Wait until every table knows all there is."""
        cabezas = {n: una.recorder.max_notification_id() or 0 for n, una in self._sistema.aplicaciones.items()}
        assert esperar(self._sistema.motor, [una.nombre for una in PROYECCIONES], cabezas, 30)

    def pedir(self, tarea: Coroutine[Any, Any, T]) -> T:
        return self.puertos.lazo.correr(tarea, 30)
