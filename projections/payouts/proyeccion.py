"""What has become of each payout, and what commission it left."""

from domain.base.dinero import Dinero
from domain.base.rechazo import Rechazo
from domain.base.reserva import Reserva
from domain.pagos import eventos
from projections.motor.proyeccion import Conmutador, Proyeccion
from projections.payouts.conteos import CUENTAS
from projections.payouts.tabla import PAYOUTS, TRANSACTIONS, FilaDePayout, FilaDeTransaccion

pagos = Conmutador("pagos", PAYOUTS)

PROYECCION = Proyeccion(
    "payouts",
    version=1,
    conmutadores=(pagos,),
    lineas=(TRANSACTIONS,),
    derivacion=CUENTAS,
    derivadas=CUENTAS.tablas,
)


@pagos.abre(eventos.Creado)
def _(evento: eventos.Creado) -> FilaDePayout:
    creado = evento.processed_at or evento.timestamp
    return FilaDePayout(
        id=evento.originator_id,
        partner_id=evento.partner_id,
        cycle_id=evento.cycle_id,
        cliente_id=evento.cliente_id,
        campania_id=evento.campania_id,
        monto=evento.monto.valor,
        moneda=evento.monto.moneda,
        estado="PENDIENTE",
        payment_method_type=evento.payment_method_type,
        payment_method_mask=evento.payment_method_mask,
        reportado=evento.reportado,
        intento=0,
        desconocido=False,
        confirmation_id=None,
        codigo_fallo=None,
        motivo=None,
        fecha_creacion=creado,
        fecha_actualizacion=creado,
        fecha_procesamiento=None,
        fecha_completado=None,
        version=evento.originator_version,
    )


@pagos.con(eventos.ComisionCalculada)
def _(fila: FilaDePayout, evento: eventos.ComisionCalculada) -> FilaDeTransaccion:
    return _linea(fila, evento, "COMISION", evento.comision)


@pagos.con(eventos.ComisionRevertida)
def _(fila: FilaDePayout, evento: eventos.ComisionRevertida) -> FilaDeTransaccion:
    return _linea(fila, evento, "REVERSO_COMISION", -evento.comision)


@pagos.con(eventos.Procesado)
def _(fila: FilaDePayout, evento: eventos.Procesado) -> None:
    fila.estado, fila.intento = "PROCESANDO", evento.intento
    fila.fecha_procesamiento = evento.processed_at
    fila.fecha_actualizacion = evento.processed_at or fila.fecha_actualizacion


@pagos.con(eventos.Confirmado)
def _(fila: FilaDePayout, evento: eventos.Confirmado) -> None:
    fila.estado, fila.desconocido = "COMPLETADO", False
    fila.confirmation_id, fila.fecha_completado = evento.confirmation_id, evento.completed_at
    fila.codigo_fallo = fila.motivo = None
    fila.fecha_procesamiento = fila.fecha_procesamiento or evento.completed_at
    fila.fecha_actualizacion = evento.completed_at


@pagos.con(eventos.Fallido)
def _(fila: FilaDePayout, evento: eventos.Fallido) -> None:
    fila.estado, fila.desconocido = "FALLIDO", False
    fila.codigo_fallo, fila.motivo = evento.codigo, evento.motivo
    fila.fecha_actualizacion = evento.failed_at


@pagos.con(eventos.ResultadoDesconocido)
def _(fila: FilaDePayout, evento: eventos.ResultadoDesconocido) -> None:
    fila.desconocido, fila.fecha_actualizacion = True, evento.timestamp


@pagos.con(eventos.Reintentado)
def _(fila: FilaDePayout, evento: eventos.Reintentado) -> None:
    fila.estado, fila.intento = "PENDIENTE", evento.intento
    fila.fecha_actualizacion = evento.timestamp


@pagos.con(eventos.Revertido)
def _(fila: FilaDePayout, evento: eventos.Revertido) -> None:
    fila.estado, fila.motivo, fila.fecha_actualizacion = "REVERTIDO", evento.motivo, evento.timestamp


@pagos.con(eventos.Cancelado)
def _(fila: FilaDePayout, evento: eventos.Cancelado) -> None:
    fila.estado, fila.motivo, fila.fecha_actualizacion = "CANCELADO", evento.motivo, evento.timestamp


pagos.ignora(Reserva.Tomada, Reserva.Retomada, Reserva.Liberada, Rechazo.ComandoRechazado)


def _linea(
    fila: FilaDePayout, evento: eventos.ComisionCalculada | eventos.ComisionRevertida, tipo: str, comision: Dinero
) -> FilaDeTransaccion:
    return FilaDeTransaccion(
        id=f"{fila.id}-{evento.originator_version}",
        payout_id=fila.id,
        partner_id=fila.partner_id,
        tipo=tipo,
        comision=comision.valor,
        moneda=comision.moneda,
        event_type=evento.TOPIC,
        fecha=evento.timestamp,
    )
