"""Where each campaign stands, and what it has spent."""

from decimal import Decimal

from domain.base.agregado import Evento
from domain.base.rechazo import Rechazo
from domain.campanias import eventos
from domain.campanias.espera import Espera
from projections.busqueda.plegado import buscable
from projections.campanias.conteos import CUENTAS
from projections.campanias.tabla import CAMPANIAS, FilaDeCampania
from projections.motor.proyeccion import Conmutador, Proyeccion

campanias = Conmutador("campanias", CAMPANIAS)

PROYECCION = Proyeccion("campanias", version=1, conmutadores=(campanias,), derivacion=CUENTAS, derivadas=CUENTAS.tablas)


@campanias.abre(eventos.Creada)
def _(evento: eventos.Creada) -> FilaDeCampania:
    return FilaDeCampania(
        id=evento.originator_id,
        nombre=evento.nombre,
        cliente_id=evento.cliente_id,
        estado="PENDIENTE",
        itinerario=list(evento.itinerario),
        presupuesto=evento.presupuesto.valor if evento.presupuesto else None,
        gasto_actual=Decimal(0),
        moneda=evento.moneda,
        fecha_inicio=evento.fecha_inicio,
        fecha_fin=evento.fecha_fin,
        motivo=None,
        fecha_creacion=evento.timestamp,
        fecha_actualizacion=evento.timestamp,
        busqueda=buscable(evento.nombre, evento.originator_id),
        version=evento.originator_version,
    )


@campanias.con(eventos.Aprobada)
def _(fila: FilaDeCampania, evento: eventos.Aprobada) -> None:
    fila.estado, fila.fecha_actualizacion = "APROBADA", evento.timestamp


@campanias.con(eventos.Activada, eventos.Reanudada)
def _(fila: FilaDeCampania, evento: Evento) -> None:
    fila.estado, fila.fecha_actualizacion = "ACTIVA", evento.timestamp


@campanias.con(eventos.Pausada)
def _(fila: FilaDeCampania, evento: eventos.Pausada) -> None:
    fila.estado, fila.fecha_actualizacion = "PAUSADA", evento.timestamp


@campanias.con(eventos.Finalizada)
def _(fila: FilaDeCampania, evento: eventos.Finalizada) -> None:
    fila.estado, fila.fecha_actualizacion = "FINALIZADA", evento.timestamp


@campanias.con(eventos.Cancelada)
def _(fila: FilaDeCampania, evento: eventos.Cancelada) -> None:
    fila.estado, fila.motivo, fila.fecha_actualizacion = "CANCELADA", evento.motivo, evento.timestamp


@campanias.con(eventos.GastoRegistrado)
def _(fila: FilaDeCampania, evento: eventos.GastoRegistrado) -> None:
    fila.gasto_actual += evento.monto.valor
    fila.fecha_actualizacion = evento.timestamp


@campanias.con(eventos.PresupuestoAjustado)
def _(fila: FilaDeCampania, evento: eventos.PresupuestoAjustado) -> None:
    fila.presupuesto, fila.moneda = evento.presupuesto.valor, evento.presupuesto.moneda
    fila.fecha_actualizacion = evento.timestamp


@campanias.con(eventos.PagoAsociado, eventos.PagoDesasociado, eventos.PagoIgnorado)
def _(fila: FilaDeCampania, evento: Evento) -> None:
    fila.fecha_actualizacion = evento.timestamp


campanias.ignora(Espera.PagoConfirmado, Espera.PagoCaido, Espera.Cerrada, Rechazo.ComandoRechazado)
