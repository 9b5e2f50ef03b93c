"""What happened, event by event. Internal streams (reservations, waiting payments, refusals) are nobody's business."""

from domain.base.agregado import Evento
from domain.base.rechazo import Rechazo
from domain.base.reserva import Reserva
from domain.campanias.espera import Espera
from projections.event_store.carga import carga
from projections.event_store.tabla import EVENT_STORE, FilaDeEvento
from projections.motor.diario import Diario
from projections.motor.proyeccion import Proyeccion


def _diario(aplicacion: str, modulo: str, agregado: str) -> Diario[FilaDeEvento]:
    def anotar(posicion: int, evento: Evento) -> FilaDeEvento:
        return FilaDeEvento(
            id=f"{modulo}:{posicion}",
            aggregate_id=evento.originator_id,
            aggregate_type=agregado,
            type=evento.TOPIC,
            payload=carga(evento),
            occurred_on=evento.timestamp,
            modulo=modulo,
            posicion=posicion,
            version=evento.originator_version,
            actor=evento.actor,
            correlation_id=evento.correlation_id,
            causation_id=evento.causation_id,
        )

    return Diario(aplicacion, EVENT_STORE, anotar)


clientes = _diario("clientes", "cliente", "Cliente")
pagos = _diario("pagos", "pagos", "Payout")
campanias = _diario("campanias", "campanias", "Campania")

PROYECCION = Proyeccion("event_store", version=1, conmutadores=(clientes, pagos, campanias), reposo=0.02)

for diario in (clientes, pagos):
    diario.ignora(Reserva.Tomada, Reserva.Retomada, Reserva.Liberada)
for diario in (clientes, pagos, campanias):
    diario.ignora(Rechazo.ComandoRechazado)
campanias.ignora(Espera.PagoConfirmado, Espera.PagoCaido, Espera.Cerrada)
