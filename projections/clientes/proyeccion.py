"""Who our clients are, and what they were paid."""

from decimal import Decimal

from domain.base.rechazo import Rechazo
from domain.base.reserva import Reserva
from domain.campanias import eventos as campania
from domain.campanias.espera import Espera
from domain.cliente.agregado import Cliente
from domain.pagos import eventos as pago
from projections.busqueda.plegado import buscable, plegar
from projections.clientes.conteo import CONTEO
from projections.clientes.tabla import CLIENTES, DUENOS, TOTALES, VINCULOS, FilaDeCliente, FilaDeDueno, FilaDeVinculo
from projections.clientes.totales import Totales
from projections.motor.proyeccion import Ajenas, Conmutador, Proyeccion

clientes = Conmutador("clientes", CLIENTES)
pagos = Conmutador("pagos", VINCULOS)
campanias = Conmutador("campanias", DUENOS)

PROYECCION = Proyeccion(
    "clientes",
    version=1,
    # A rebuild goes by this order: who owns a campaign is known before its payments, and both before the clients, so
    # that no row is written twice. It comes out the same by any other.
    conmutadores=(campanias, pagos, clientes),
    derivacion=Totales(),
    reposo=0.01,
    derivadas=(TOTALES, CONTEO.tabla),
    ajenas=(
        Ajenas(CLIENTES, ("total_pagos", "primer_pago", "ultimo_pago", "monto_total", "moneda"), por="cliente_id"),
        Ajenas(VINCULOS, ("cliente_id",)),
    ),
)


@clientes.abre(Cliente.Registrado)
def _(evento: Cliente.Registrado) -> FilaDeCliente:
    return FilaDeCliente(
        id=evento.originator_id,
        nombre=evento.nombre,
        email=evento.email,
        cedula=evento.cedula,
        fecha_nacimiento=evento.fecha_nacimiento,
        fecha_registro=evento.timestamp,
        fecha_actualizacion=evento.timestamp,
        estado="ACTIVO",
        total_pagos=0,
        primer_pago=None,
        ultimo_pago=None,
        monto_total=Decimal(0),
        moneda=None,
        nombre_plegado=_plegado(evento.nombre),
        busqueda=_busqueda(evento.nombre, evento.email),
        version=evento.originator_version,
    )


@clientes.con(Cliente.Actualizado)
def _(fila: FilaDeCliente, evento: Cliente.Actualizado) -> None:
    fila.nombre, fila.email, fila.cedula = evento.nombre, evento.email, evento.cedula
    fila.nombre_plegado, fila.busqueda = _plegado(evento.nombre), _busqueda(evento.nombre, evento.email)
    fila.fecha_nacimiento, fila.fecha_actualizacion = evento.fecha_nacimiento, evento.timestamp


@clientes.con(Cliente.Desactivado)
def _(fila: FilaDeCliente, evento: Cliente.Desactivado) -> None:
    fila.estado, fila.fecha_actualizacion = "INACTIVO", evento.timestamp


@clientes.con(Cliente.Reactivado)
def _(fila: FilaDeCliente, evento: Cliente.Reactivado) -> None:
    fila.estado, fila.fecha_actualizacion = "ACTIVO", evento.timestamp


@clientes.olvida(Cliente.Anonimizado)
def _olvidar(fila: FilaDeCliente) -> None:
    fila.nombre = fila.email = fila.cedula = fila.fecha_nacimiento = fila.nombre_plegado = fila.busqueda = None


@clientes.con(Cliente.Anonimizado)
def _(fila: FilaDeCliente, evento: Cliente.Anonimizado) -> None:
    _olvidar(fila)
    fila.estado, fila.fecha_actualizacion = "ANONIMIZADO", evento.timestamp


@pagos.abre(pago.Creado)
def _(evento: pago.Creado) -> FilaDeVinculo:
    return FilaDeVinculo(
        payout_id=evento.originator_id,
        partner_id=evento.partner_id,
        cliente_id=evento.cliente_id or evento.partner_id,
        cliente_dicho=evento.cliente_id is not None,
        campania_id=pago.campania_de(evento.campania_id, evento.cycle_id),
        monto=evento.monto.valor,
        moneda=evento.monto.moneda,
        creado_en=evento.processed_at or evento.timestamp,
        completado_en=None,
    )


@pagos.con(pago.Confirmado)
def _(fila: FilaDeVinculo, evento: pago.Confirmado) -> None:
    fila.completado_en = evento.completed_at


@pagos.con(pago.Revertido)
def _(fila: FilaDeVinculo, evento: pago.Revertido) -> None:
    fila.completado_en = None


@campanias.abre(campania.Creada)
def _(evento: campania.Creada) -> FilaDeDueno:
    return FilaDeDueno(evento.originator_id, evento.cliente_id)


for conmutador in (clientes, pagos):
    conmutador.ignora(Reserva.Tomada, Reserva.Retomada, Reserva.Liberada, Rechazo.ComandoRechazado)

pagos.ignora(
    pago.ComisionCalculada,
    pago.Procesado,
    pago.Fallido,
    pago.ResultadoDesconocido,
    pago.Reintentado,
    pago.Cancelado,
    pago.ComisionRevertida,
)
campanias.ignora(
    campania.Aprobada,
    campania.Activada,
    campania.Pausada,
    campania.Reanudada,
    campania.Finalizada,
    campania.GastoRegistrado,
    campania.PresupuestoAjustado,
    campania.PagoAsociado,
    campania.PagoDesasociado,
    campania.PagoIgnorado,
    campania.Cancelada,
    Espera.PagoConfirmado,
    Espera.PagoCaido,
    Espera.Cerrada,
    Rechazo.ComandoRechazado,
)


def _plegado(nombre: str | None) -> str | None:
    return None if nombre is None else plegar(nombre)


def _busqueda(nombre: str | None, email: str | None) -> str | None:
    return None if nombre is None or email is None else buscable(nombre, email)
