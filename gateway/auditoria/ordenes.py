"""Which command an event came of: read off the first event that was stored together with it."""

from collections.abc import Iterable, Mapping

from domain.base.agregado import Evento
from domain.campanias import comandos as de_campania
from domain.campanias import eventos as campania
from domain.cliente import comandos as de_cliente
from domain.cliente.agregado import Cliente
from domain.pagos import comandos as de_pago
from domain.pagos import eventos as pago
from gateway.auditoria.historia import Contado

_ORDENES: Mapping[str, type] = {
    Cliente.Registrado.TOPIC: de_cliente.RegistrarCliente,
    Cliente.Actualizado.TOPIC: de_cliente.ActualizarCliente,
    Cliente.Desactivado.TOPIC: de_cliente.DesactivarCliente,
    Cliente.Reactivado.TOPIC: de_cliente.ReactivarCliente,
    Cliente.Anonimizado.TOPIC: de_cliente.AnonimizarCliente,
    pago.Creado.TOPIC: de_pago.CrearPago,
    pago.Procesado.TOPIC: de_pago.ProcesarPago,
    pago.Confirmado.TOPIC: de_pago.ConfirmarPago,
    pago.Fallido.TOPIC: de_pago.FallarPago,
    pago.ResultadoDesconocido.TOPIC: de_pago.MarcarResultadoDesconocido,
    pago.Reintentado.TOPIC: de_pago.ReintentarPago,
    pago.Revertido.TOPIC: de_pago.RevertirPago,
    pago.Cancelado.TOPIC: de_pago.CancelarPago,
    campania.Creada.TOPIC: de_campania.CrearCampania,
    campania.Aprobada.TOPIC: de_campania.AsociarPago,
    campania.PagoAsociado.TOPIC: de_campania.AsociarPago,
    campania.PagoDesasociado.TOPIC: de_campania.DesasociarPago,
    campania.Activada.TOPIC: de_campania.ActivarCampania,
    campania.Pausada.TOPIC: de_campania.PausarCampania,
    campania.Reanudada.TOPIC: de_campania.ReanudarCampania,
    campania.Finalizada.TOPIC: de_campania.FinalizarCampania,
    campania.GastoRegistrado.TOPIC: de_campania.RegistrarGasto,
    campania.PresupuestoAjustado.TOPIC: de_campania.AjustarPresupuesto,
}
_DEL_RELOJ = {campania.Activada.TOPIC, campania.Finalizada.TOPIC}


def ordenes_de(contados: Iterable[Contado]) -> dict[int, str]:
    """The name of the command behind each event of one stream, by version, from the first on."""
    ordenes: dict[int, str] = {}
    previo: Evento | None = None
    for contado in contados:
        evento = contado.evento
        if previo is not None and _juntos(previo, evento):
            ordenes[evento.originator_version] = ordenes[previo.originator_version]
        else:
            ordenes[evento.originator_version] = _orden(evento)
        previo = evento
    return ordenes


def _juntos(previo: Evento, evento: Evento) -> bool:
    """Whether both were stored by one command: it has one time of recording and one cause."""
    return (previo.timestamp, previo.causation_id, previo.actor) == (
        evento.timestamp,
        evento.causation_id,
        evento.actor,
    )


def _orden(evento: Evento) -> str:
    if evento.TOPIC in _DEL_RELOJ and evento.actor == "system:reloj":
        return de_campania.SeguirCalendario.__name__
    if isinstance(evento, campania.Cancelada):
        orden: type = de_campania.DesasociarPago if evento.payout_id else de_campania.CancelarCampania
        return orden.__name__
    if isinstance(evento, campania.PagoIgnorado):
        orden = de_campania.AsociarPago if evento.hecho == campania.CONFIRMADO else de_campania.DesasociarPago
        return orden.__name__
    conocida = _ORDENES.get(evento.TOPIC)
    return "—" if conocida is None else conocida.__name__
