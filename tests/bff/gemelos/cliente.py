"""The client service in memory."""

import uuid
from datetime import UTC, datetime
from decimal import Decimal

from bff.application.ports.cliente import ClienteServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.exceptions import DatosInvalidos, NoEncontrado
from bff.domain.models.cliente_view import (
    ClienteCreado,
    ClienteReciente,
    ClienteRow,
    ClientesFilter,
    ClienteView,
    Estadisticas,
    FichaDeCliente,
    NuevoCliente,
    PaginatedClientes,
    ResumenClientes,
)
from bff.domain.models.health import ServiceHealth
from bff.domain.models.pagina import Pagina, Pagination
from bff.domain.models.search_result import ClienteHallado, Hallados, Tipo
from domain.cliente.agregado import Cliente
from domain.cliente.estado import Estado
from projections.busqueda.plegado import plegar
from tests.bff.gemelos.hechos import Hechos, al_segundo, mejores, pagina_de, relevancia
from tests.projections.ejemplos import cliente


class ClientesEnMemoria(ClienteServicePort):
    def __init__(self, hechos: Hechos) -> None:
        self._hechos = hechos

    async def get_clientes_paginados(self, filtro: ClientesFilter, pagina: Pagina) -> PaginatedClientes:
        await self._hechos.responder("clientes")
        aguja = plegar(filtro.search)
        filas = [
            fila
            for fila in map(self._fila, self._vivos())
            if aguja in plegar(fila.nombre) or (filtro.por_email and aguja in plegar(fila.email))
        ]

        def orden(fila: ClienteRow) -> tuple[str | datetime, str]:
            por_nombre = filtro.sort_by == "nombre"
            return (plegar(fila.nombre) if por_nombre else self._registrado(fila.id), fila.id)

        filas.sort(key=orden, reverse=filtro.sort_order == "desc")
        return PaginatedClientes(tuple(pagina_de(filas, pagina)), Pagination.de(pagina, len(filas)))

    async def get_cliente(self, id: str) -> FichaDeCliente | None:
        await self._hechos.responder("clientes")
        quien = self._hechos.clientes.get(id)
        if quien is None or id in self._hechos.por_llegar:
            return None
        vivo = quien.estado is not Estado.ANONIMIZADO
        vista = ClienteView(
            id,
            quien.nombre if vivo else None,
            quien.email if vivo else None,
            quien.cedula if vivo else None,
            al_segundo(self._registrado(id)),
            None if vivo else "ANONIMIZADO",
        )
        return FichaDeCliente(vista, self._cuentas(id), quien.version)

    async def get_cliente_como_de(self, id: str, como_de: str, peticion: Peticion) -> FichaDeCliente:
        ficha = await self.get_cliente(id)
        if ficha is None or self._registrado(id) > datetime.fromisoformat(como_de).replace(tzinfo=UTC):
            raise NoEncontrado
        return ficha

    async def existe(self, id: str, peticion: Peticion) -> bool:
        await self._hechos.responder("clientes")
        return id in self._hechos.clientes

    async def get_resumen(self) -> ResumenClientes:
        hallada = await self.get_clientes_paginados(ClientesFilter(), Pagina(1, 5))
        recientes = tuple(ClienteReciente(una.id, una.nombre, una.email) for una in hallada.data)
        return ResumenClientes(hallada.pagination.total, recientes)

    async def buscar(self, q: str, limite: int, *, por_email: bool = True) -> Hallados[ClienteHallado]:
        todas = await self.get_clientes_paginados(ClientesFilter(), Pagina(1, 1000))

        def nota_de(una: ClienteRow) -> float:
            return relevancia(q, una.id, una.nombre, *([una.email] if por_email else []))

        total, filas = mejores(list(todas.data), nota_de, limite)
        hallados = (ClienteHallado(una.id, Tipo.CLIENTE, una.nombre, una.email, nota) for una, nota in filas)
        return Hallados(total, tuple(hallados))

    async def crear_cliente(self, nuevo: NuevoCliente, peticion: Peticion) -> tuple[ClienteCreado, Aceptado]:
        await self._hechos.responder("clientes")
        if any(uno.email == nuevo.email for uno in self._vivos()):
            raise DatosInvalidos({"email": ["Email ya existe en el sistema"]}, "EMAIL_YA_REGISTRADO")
        if not nuevo.cedula.isdigit():
            raise DatosInvalidos({"cedula": ["Cédula debe ser numérica"]}, "CEDULA_INVALIDA")
        nuevo_id, ahora = str(uuid.uuid4()), datetime.now(UTC)
        hecho = cliente(nuevo_id, ahora, nuevo.nombre)
        hecho.email, hecho.cedula = nuevo.email, nuevo.cedula
        self._hechos.ocurre("clientes", hecho)
        nacimiento = datetime.fromisoformat(nuevo.fecha_nacimiento).replace(tzinfo=UTC)
        creado = ClienteCreado(nuevo_id, nuevo.nombre, nuevo.email, nuevo.cedula, nacimiento, al_segundo(ahora))
        return creado, Aceptado(201, {}, {"X-Posicion": "cliente:1"})

    async def get_salud(self) -> ServiceHealth:
        return self._hechos.salud("clientes")

    def _vivos(self) -> list[Cliente]:
        return [uno for uno in self._hechos.clientes.values() if uno.estado is not Estado.ANONIMIZADO]

    def _registrado(self, id: str) -> datetime:
        return self._hechos.eventos[id][0].timestamp

    def _fila(self, quien: Cliente) -> ClienteRow:
        cuentas = self._cuentas(quien.id)
        registro = al_segundo(self._registrado(quien.id))
        return ClienteRow(
            quien.id, str(quien.nombre), str(quien.email), registro, cuentas.total_pagos, cuentas.ultimo_pago
        )

    def _cuentas(self, id: str) -> Estadisticas:
        """Over payments that are COMPLETADO."""
        pagados = [uno for uno in self._hechos.de_cliente(id) if uno.estado == "COMPLETADO"]
        monedas = [uno.monto.moneda for uno in pagados]
        totales = {
            moneda: sum((uno.monto.valor for uno in pagados if uno.monto.moneda == moneda), Decimal(0))
            for moneda in sorted(set(monedas))
        }
        principal = min(totales, key=lambda moneda: (-monedas.count(moneda), moneda), default=None)
        fechas = [al_segundo(uno.completed_at) for uno in pagados if uno.completed_at is not None]
        return Estadisticas(
            total_pagos=len(pagados),
            monto_total=totales[principal] if principal else Decimal(0),
            moneda=principal,
            totales_por_moneda=totales,
            primer_pago=min(fechas, default=None),
            ultimo_pago=max(fechas, default=None),
        )
