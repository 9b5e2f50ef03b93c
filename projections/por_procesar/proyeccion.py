"""Which payouts wait for the payment processor, and from when on."""

from domain.base.agregado import Evento
from domain.base.rechazo import Rechazo
from domain.base.reserva import Reserva
from domain.pagos import eventos
from domain.pagos.reintentos import PLAZO_DE_RESPUESTA, espera_tras
from projections.motor.proyeccion import Conmutador, Proyeccion
from projections.por_procesar.tabla import POR_PROCESAR, TERMINADO, FilaDePorProcesar

pagos = Conmutador("pagos", POR_PROCESAR)

PROYECCION = Proyeccion("por_procesar", version=1, conmutadores=(pagos,), reposo=0.01)


@pagos.abre(eventos.Creado)
def _(evento: eventos.Creado) -> FilaDePorProcesar | None:
    if evento.reportado:
        return None
    return FilaDePorProcesar(
        payout_id=evento.originator_id,
        estado="PENDIENTE",
        intento=1,
        desconocido=False,
        desde=evento.timestamp,
        vence_en=evento.timestamp,
    )


@pagos.con(eventos.Procesado, si_existe=True)
def _(fila: FilaDePorProcesar, evento: eventos.Procesado) -> None:
    fila.estado, fila.intento, fila.desde = "PROCESANDO", evento.intento, evento.timestamp
    fila.vence_en = evento.timestamp + PLAZO_DE_RESPUESTA


@pagos.con(eventos.ResultadoDesconocido, si_existe=True)
def _(fila: FilaDePorProcesar, evento: eventos.ResultadoDesconocido) -> None:
    fila.desconocido, fila.vence_en = True, evento.timestamp


@pagos.con(eventos.Fallido, si_existe=True)
def _(fila: FilaDePorProcesar, evento: eventos.Fallido) -> None:
    fila.estado = TERMINADO if evento.definitivo else "FALLIDO"
    fila.desconocido, fila.desde = False, evento.failed_at
    fila.vence_en = evento.failed_at + espera_tras(fila.intento)


@pagos.con(eventos.Reintentado, si_existe=True)
def _(fila: FilaDePorProcesar, evento: eventos.Reintentado) -> None:
    fila.estado, fila.intento = "PENDIENTE", evento.intento
    fila.desde = fila.vence_en = evento.timestamp


@pagos.con(eventos.Confirmado, eventos.Cancelado, si_existe=True)
def _(fila: FilaDePorProcesar, evento: Evento) -> None:
    fila.estado = TERMINADO


# Only what was settled or given up before can be taken back, and commissions are none of the processor's business.
pagos.ignora(eventos.Revertido, eventos.ComisionCalculada, eventos.ComisionRevertida)
pagos.ignora(Reserva.Tomada, Reserva.Retomada, Reserva.Liberada, Rechazo.ComandoRechazado)
