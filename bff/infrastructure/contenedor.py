"""The one place where the BFF's pieces are put together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx2
from sqlalchemy import Engine

from bff.application.ports.cache import CachePort
from bff.application.ports.campanias import CampaniasServicePort
from bff.application.ports.cliente import ClienteServicePort
from bff.application.ports.pagos import PagosServicePort
from bff.application.use_cases.campanias import CrearCampania, ListarCampanias, VerCampania
from bff.application.use_cases.cliente import CrearCliente, ListarClientes, VerCliente
from bff.application.use_cases.dashboard import GenerarDashboard
from bff.application.use_cases.health import VerSalud
from bff.application.use_cases.pagos import CrearPago, ListarPagos, VerPago
from bff.application.use_cases.search import Buscar
from bff.infrastructure.adapters.campanias import CampaniasServiceAdapter
from bff.infrastructure.adapters.cliente import ClienteServiceAdapter
from bff.infrastructure.adapters.core import Core
from bff.infrastructure.adapters.lectura import Lectura, crear_motor
from bff.infrastructure.adapters.pagos import PagosServiceAdapter
from bff.infrastructure.config import VERSION, Ajustes
from bff.infrastructure.lazo import Lazo

CONEXIONES = 24
"""To the database, of one process: a page of three parts in each turn of the server's."""
MARCAS = 8
"""To the database, beside those: one for each of the server's threads."""
DE_UNA_PARTE = 0.8
"""How much of a request's time one part of its page may take."""


@dataclass
class Contenedor:
    """What a process works with. Close it. Makes no connection until somebody asks."""

    motor: Engine
    """For pages, which are read again when their connection was dropped."""
    motor_de_marcas: Engine
    """For the doors, the positions and the marks of pages."""
    lazo: Lazo
    http: httpx2.AsyncClient
    clientes: ClienteServicePort
    pagos: PagosServicePort
    campanias: CampaniasServicePort
    cache: CachePort
    segundos: float
    reloj: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        tres, una_parte = (self.clientes, self.pagos, self.campanias), DE_UNA_PARTE * self.segundos
        self.listar_clientes = ListarClientes(self.clientes)
        self.ver_cliente = VerCliente(*tres, una_parte)
        self.crear_cliente = CrearCliente(self.clientes)
        self.listar_pagos, self.ver_pago = ListarPagos(self.pagos), VerPago(self.pagos)
        self.crear_pago = CrearPago(self.pagos)
        self.listar_campanias = ListarCampanias(self.campanias)
        self.ver_campania = VerCampania(self.campanias, self.pagos, una_parte)
        self.crear_campania = CrearCampania(self.campanias)
        self.generar_dashboard, self.buscar = GenerarDashboard(*tres, una_parte), Buscar(*tres, una_parte)
        self.ver_salud = VerSalud(*tres, self.cache, reloj=self.reloj, version=VERSION)

    def cerrar(self) -> None:
        """Close every connection and end the loop. A second call does nothing."""
        self.lazo.cerrar(self.http.aclose)
        self.motor.dispose()
        self.motor_de_marcas.dispose()


def construir(ajustes: Ajustes, cache: CachePort) -> Contenedor:
    """Build what a process needs."""
    motor = crear_motor(ajustes.db_url, CONEXIONES, ajustes.request_timeout)
    # No proxy of the environment's: services are reached where the settings say, with the caller's credentials.
    # As many exchanges as requests wait for: a service that hangs must not keep the connections of the others.
    limites = httpx2.Limits(max_connections=None, max_keepalive_connections=CONEXIONES)
    http = httpx2.AsyncClient(timeout=ajustes.request_timeout, limits=limites, trust_env=False, follow_redirects=False)

    def core(servicio: str, url: str) -> Core:
        return Core(servicio, url, http, ajustes.request_timeout)

    def lectura(servicio: str) -> Lectura:
        return Lectura(motor, servicio)

    return Contenedor(
        motor=motor,
        motor_de_marcas=crear_motor(ajustes.db_url, MARCAS, ajustes.request_timeout, sondeo=True),
        lazo=Lazo(CONEXIONES),
        http=http,
        clientes=ClienteServiceAdapter(lectura("clientes"), core("clientes", ajustes.cliente_url)),
        pagos=PagosServiceAdapter(lectura("pagos"), core("pagos", ajustes.pagos_url)),
        campanias=CampaniasServiceAdapter(lectura("campanias"), core("campanias", ajustes.campanias_url)),
        cache=cache,
        segundos=ajustes.request_timeout,
    )
