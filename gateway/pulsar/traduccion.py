"""What the world is told of each stored event: a message of the contract, or nothing. Pure.

Private events may change by themselves; what is told of them changes only with the contract. Whoever adds an event
says here what becomes of it: one that is in neither list can't be told, and stops the relay.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from domain.base.agregado import Evento
from domain.base.dinero import Dinero
from domain.base.rechazo import Rechazo
from domain.base.reserva import Reserva
from domain.campanias.agregado import Campania
from domain.campanias.espera import Espera
from domain.cliente.agregado import Cliente
from domain.cliente.estado import Estado
from domain.pagos.agregado import Payout
from gateway.eventos.identidad import id_de_evento
from gateway.eventos.nombres import version_de_esquema
from gateway.pulsar.contratos import Mensaje

Datos = Callable[[Any], dict[str, Any]]


class SinTraduccion(TypeError):
    """Nobody has said what the world is to be told of this event."""


CALLADOS: frozenset[type[Evento]] = frozenset(
    {
        # Keyed hashes of personal data, and who holds them.
        Reserva.Tomada,
        Reserva.Retomada,
        Reserva.Liberada,
        # Notes to ourselves about payments whose campaign has not come.
        Espera.PagoConfirmado,
        Espera.PagoCaido,
        Espera.Cerrada,
    }
)
"""Events of which nothing is told."""

TOPICS_CALLADOS = frozenset(clase.TOPIC for clase in CALLADOS)
"""Their stored names: such an event need not even be read."""

CONTADOS: dict[type[Evento], tuple[str, Datos]] = {
    # Nothing of who a client is: a consumer that may know asks the API.
    Cliente.Registrado: ("ClienteRegistrado.v1", lambda _: {"estado": Estado.ACTIVO.value}),
    Cliente.Actualizado: ("ClienteActualizado.v1", lambda _: {}),
    Cliente.Desactivado: ("ClienteDesactivado.v1", lambda _: {"estado": Estado.INACTIVO.value}),
    Cliente.Reactivado: ("ClienteReactivado.v1", lambda _: {"estado": Estado.ACTIVO.value}),
    Cliente.Anonimizado: ("ClienteAnonimizado.v1", lambda _: {"estado": Estado.ANONIMIZADO.value}),
    Payout.Creado: (
        "PagoCreado.v1",
        lambda evento: {
            "partner_id": evento.partner_id,
            "cycle_id": evento.cycle_id,
            "monto": _dinero(evento.monto),
            "payment_method_type": evento.payment_method_type,
            "cliente_id": evento.cliente_id,
            "idCampania": evento.campania_id,
            "reportado": evento.reportado,
        },
    ),
    Payout.ComisionCalculada: (
        "PagoComisionCalculada.v1",
        lambda evento: {
            "comision": _dinero(evento.comision),
            "base": _dinero(evento.base),
            "tasa_pb": evento.tasa_pb,
            "politica": evento.politica,
            "politica_version": evento.politica_version,
        },
    ),
    Payout.Procesado: (
        "PagoProcesado.v1",
        lambda evento: {"intento": evento.intento, "processed_at": _instante(evento.processed_at)},
    ),
    Payout.Confirmado: (
        "PagoConfirmado.v1",
        lambda evento: {
            "confirmation_id": evento.confirmation_id,
            "completed_at": _instante(evento.completed_at),
            "idCampania": evento.campania,
        },
    ),
    Payout.Fallido: (
        "PagoFallido.v1",
        lambda evento: {
            "codigo": evento.codigo,
            "motivo": evento.motivo,
            "definitivo": evento.definitivo,
            "failed_at": _instante(evento.failed_at),
            "idCampania": evento.campania,
        },
    ),
    Payout.ResultadoDesconocido: ("PagoResultadoDesconocido.v1", lambda evento: {"intento": evento.intento}),
    Payout.Reintentado: ("PagoReintentado.v1", lambda evento: {"intento": evento.intento}),
    Payout.Revertido: ("PagoRevertido.v1", lambda evento: {"motivo": evento.motivo, "idCampania": evento.campania}),
    Payout.Cancelado: ("PagoCancelado.v1", lambda evento: {"motivo": evento.motivo}),
    Payout.ComisionRevertida: ("PagoComisionRevertida.v1", lambda evento: {"comision": _dinero(evento.comision)}),
    Campania.Creada: (
        "CampaniaCreada.v1",
        lambda evento: {
            "idCliente": evento.cliente_id,
            "itinerario": list(evento.itinerario),
            "nombre": evento.nombre,
            "presupuesto": evento.presupuesto and _dinero(evento.presupuesto),
            "moneda": evento.moneda,
            "fecha_inicio": _instante(evento.fecha_inicio),
            "fecha_fin": _instante(evento.fecha_fin),
        },
    ),
    Campania.Aprobada: ("CampaniaAprobada.v1", lambda evento: {"payout_id": evento.payout_id, "origen": evento.origen}),
    Campania.Activada: ("CampaniaActivada.v1", lambda _: {}),
    Campania.Pausada: ("CampaniaPausada.v1", lambda _: {}),
    Campania.Reanudada: ("CampaniaReanudada.v1", lambda _: {}),
    Campania.Finalizada: ("CampaniaFinalizada.v1", lambda _: {}),
    Campania.GastoRegistrado: (
        "CampaniaGastoRegistrado.v1",
        lambda evento: {"gasto_id": evento.gasto_id, "monto": _dinero(evento.monto)},
    ),
    Campania.PresupuestoAjustado: (
        "CampaniaPresupuestoAjustado.v1",
        lambda evento: {"presupuesto": _dinero(evento.presupuesto)},
    ),
    Campania.PagoAsociado: ("CampaniaPagoAsociado.v1", lambda evento: {"payout_id": evento.payout_id}),
    Campania.PagoDesasociado: (
        "CampaniaPagoDesasociado.v1",
        lambda evento: {"payout_id": evento.payout_id, "motivo": evento.motivo},
    ),
    Campania.PagoIgnorado: (
        "CampaniaPagoIgnorado.v1",
        lambda evento: {"payout_id": evento.payout_id, "hecho": evento.hecho},
    ),
    Campania.Cancelada: (
        "CampaniaCancelada.v1",
        lambda evento: {"motivo": evento.motivo, "payout_id": evento.payout_id},
    ),
    Rechazo.ComandoRechazado: (
        "ComandoRechazado.v1",
        lambda evento: {
            "comando": evento.comando,
            "mensaje_id": evento.mensaje_id,
            "codigo": evento.codigo,
            "motivo": evento.motivo,
        },
    ),
}
"""Every other event: the kind of message that tells it, and what that carries."""

_AGREGADOS = {"clientes": "Cliente", "pagos": "Payout", "campanias": "Campania"}
_VERSIONES = {tipo: str(version_de_esquema(tipo)) for tipo, _ in CONTADOS.values()}


def traducir(aplicacion: str, posicion: int, anterior: int, evento: Evento) -> Mensaje | None:
    """The message of the event at ``posicion`` in the log of ``aplicacion``; None when nothing is told.

    ``anterior`` is the position of the message before it. Raises SinTraduccion.
    """
    clase = type(evento)
    if clase in CALLADOS:
        return None
    if clase not in CONTADOS:
        raise SinTraduccion(f"nadie ha dicho qué se cuenta de {clase.TOPIC}")
    tipo, datos = CONTADOS[clase]
    sujeto, secuencia = evento.originator_id, evento.originator_version
    if clase is Rechazo.ComandoRechazado:
        # Told to whoever waits for that aggregate, which stands as it stood.
        sujeto, secuencia = vars(evento)["agregado_id"] or sujeto, 0
    return Mensaje(
        event_id=id_de_evento(aplicacion, evento.originator_id, evento.originator_version),
        tipo=tipo,
        schema_version=_VERSIONES[tipo],
        aggregate_id=sujeto,
        aggregate_type=_AGREGADOS[aplicacion],
        secuencia=secuencia,
        posicion=posicion,
        posicion_anterior=anterior,
        ocurrido_en=_en_utc(evento.timestamp),
        correlation_id=evento.correlation_id,
        causation_id=evento.causation_id,
        datos=datos(evento),
    )


def _dinero(dinero: Dinero) -> dict[str, str]:
    return {"valor": str(dinero.valor), "moneda": dinero.moneda}


def _instante(instante: datetime | None) -> str | None:
    return None if instante is None else _en_utc(instante)


def _en_utc(instante: datetime) -> str:
    # What is read from the log is in UTC: nothing is to be converted then.
    return f"{(instante if instante.tzinfo is UTC else instante.astimezone(UTC)).isoformat()[:-6]}Z"
