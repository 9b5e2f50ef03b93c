"""The client service: its query tables for pages, HTTP for commands, the past and its health."""

import re
from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import Connection

from bff.application.ports.cliente import ClienteServicePort
from bff.application.ports.peticion import Aceptado, Peticion
from bff.domain.exceptions import DatosInvalidos, Detalles, ErrorDelBff, Rechazado
from bff.domain.models.cliente_view import (
    ANONIMIZADO,
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
from bff.infrastructure.adapters.core import Core
from bff.infrastructure.adapters.historia import Historia
from bff.infrastructure.adapters.lectura import Lectura
from bff.infrastructure.adapters.tiempos import al_segundo, al_segundo_o_nada, utc, utc_o_nada
from projections.busqueda import consultas as busqueda
from projections.clientes import consultas

RECIENTES = 5
DE_UN_CAMPO = {
    "EMAIL_YA_REGISTRADO": "email",
    "EMAIL_INVALIDO": "email",
    "CEDULA_YA_REGISTRADA": "cedula",
    "CEDULA_INVALIDA": "cedula",
    "NOMBRE_INVALIDO": "nombre",
    "NACIMIENTO_FUERA_DE_RANGO": "fecha_nacimiento",
}
"""Which field of the form a refusal of the service speaks of, by its code."""
_CAMPO = re.compile(r"(nombre|email|cedula|fecha_nacimiento)\b:? (.+)")
SIN_CAMPO = "cliente"


class _Registro(msgspec.Struct):
    id: str
    nombre: str | None
    email: str | None
    cedula: str | None
    fecha_nacimiento: datetime | None


class _Detalle(msgspec.Struct):
    id: str
    nombre: str | None
    email: str | None
    fecha_registro: datetime
    total_pagos: int
    ultimo_pago: datetime | None
    estado: str | None = None


class _DetalleConTotales(_Detalle, kw_only=True):
    primer_pago: datetime | None
    monto_total: Decimal
    moneda: str | None
    totales_por_moneda: dict[str, Decimal]


class ClienteServiceAdapter(ClienteServicePort):
    def __init__(self, lectura: Lectura, core: Core) -> None:
        self._lectura, self._core = lectura, core

    async def get_clientes_paginados(self, filtro: ClientesFilter, pagina: Pagina) -> PaginatedClientes:
        hallada = await self._lectura.leer(
            lambda con: consultas.listar(
                con,
                buscar=filtro.search,
                por_email=filtro.por_email,
                orden=filtro.sort_by,
                sentido=filtro.sort_order,
                pagina=pagina.page,
                por_pagina=pagina.per_page,
            )
        )
        return PaginatedClientes(tuple(map(_fila, hallada.filas)), Pagination.de(pagina, hallada.total))

    async def get_cliente(self, id: str) -> FichaDeCliente | None:
        return await self._lectura.leer(lambda con: _ficha(con, id))

    async def get_cliente_como_de(self, id: str, como_de: str, peticion: Peticion) -> FichaDeCliente:
        parametros = {"como_de": como_de, "totales": "true"}
        crudo = await self._core.consultar(f"/cliente/{self._core.parte(id)}", peticion, parametros)
        entonces = self._core.exigir(crudo, _DetalleConTotales)
        historia = await Historia.pedir(self._core, "cliente", id, como_de, peticion)
        cedula = historia.estado.get("cedula")
        cliente = ClienteView(
            entonces.id, entonces.nombre, entonces.email, cedula, utc(entonces.fecha_registro), entonces.estado
        )
        cuentas = Estadisticas(
            total_pagos=entonces.total_pagos,
            monto_total=entonces.monto_total,
            moneda=entonces.moneda,
            totales_por_moneda=entonces.totales_por_moneda,
            primer_pago=utc_o_nada(entonces.primer_pago),
            ultimo_pago=utc_o_nada(entonces.ultimo_pago),
        )
        return FichaDeCliente(cliente, cuentas, historia.version)

    async def existe(self, id: str, peticion: Peticion) -> bool:
        return await self._core.hay(f"/cliente/{self._core.parte(id)}", peticion)

    async def get_resumen(self) -> ResumenClientes:
        hallada = await self._lectura.leer(lambda con: consultas.listar(con, por_pagina=RECIENTES))
        recientes = tuple(ClienteReciente(una.id, una.nombre, una.email) for una in hallada.filas)
        return ResumenClientes(hallada.total, recientes)

    async def buscar(self, q: str, limite: int, *, por_email: bool = True) -> Hallados[ClienteHallado]:
        tipos = (busqueda.Tipo.CLIENTE,)
        hallado = await self._lectura.leer(lambda con: busqueda.buscar(con, q, tipos, limite, por_email=por_email))
        return Hallados(
            hallado.total,
            tuple(
                ClienteHallado(uno.id, Tipo.CLIENTE, uno.nombre, uno.email, uno.relevancia) for uno in hallado.clientes
            ),
        )

    async def crear_cliente(self, nuevo: NuevoCliente, peticion: Peticion) -> tuple[ClienteCreado, Aceptado]:
        try:
            aceptado = await self._core.enviar("/cliente/registrar", msgspec.json.encode(nuevo), peticion)
        except Rechazado as rechazo:
            if rechazo.estado == 400:
                raise DatosInvalidos(_detalles(rechazo), rechazo.codigo) from None
            raise
        hecho = self._core.exigir(aceptado.cuerpo, _Registro)
        registrado = await self._fecha_de_registro(hecho.id, peticion)
        nacimiento = utc_o_nada(hecho.fecha_nacimiento)
        creado = ClienteCreado(hecho.id, hecho.nombre, hecho.email, hecho.cedula, nacimiento, registrado)
        return creado, aceptado

    async def get_salud(self) -> ServiceHealth:
        return await self._core.salud()

    async def _fecha_de_registro(self, id: str, peticion: Peticion) -> datetime | None:
        """What only the detail tells. The client is registered, whatever becomes of this question."""
        try:
            crudo = await self._core.consultar(f"/cliente/{self._core.parte(id)}", peticion)
            return utc(self._core.exigir(crudo, _Detalle).fecha_registro)
        except ErrorDelBff:
            return None


def _detalles(rechazo: Rechazado) -> Detalles:
    """What the form should show beside which field, of what the service refused."""
    dicho = _CAMPO.fullmatch(rechazo.mensaje)
    if dicho is not None:
        return {dicho[1]: [dicho[2]]}
    return {DE_UN_CAMPO.get(rechazo.codigo, SIN_CAMPO): [rechazo.mensaje]}


def _ficha(con: Connection, id: str) -> FichaDeCliente | None:
    fila = consultas.cliente(con, id)
    if fila is None:
        return None
    estado = ANONIMIZADO if fila.estado == ANONIMIZADO else None
    cliente = ClienteView(fila.id, fila.nombre, fila.email, fila.cedula, al_segundo(fila.fecha_registro), estado)
    cuentas = Estadisticas(
        total_pagos=fila.total_pagos,
        monto_total=fila.monto_total,
        moneda=fila.moneda,
        totales_por_moneda=consultas.totales_por_moneda(con, id),
        primer_pago=al_segundo_o_nada(fila.primer_pago),
        ultimo_pago=al_segundo_o_nada(fila.ultimo_pago),
    )
    return FichaDeCliente(cliente, cuentas, fila.version)


def _fila(fila: consultas.ClienteEnLista) -> ClienteRow:
    return ClienteRow(
        fila.id,
        fila.nombre,
        fila.email,
        al_segundo(fila.fecha_registro),
        fila.total_pagos,
        al_segundo_o_nada(fila.ultimo_pago),
    )
