"""The trail in words: what an event says, because of what it happened, and what it changed. No personal data."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from domain.base.agregado import Evento
from domain.base.dinero import Dinero
from domain.base.rechazo import Rechazo
from domain.campanias import eventos as campania
from domain.campanias.eventos import CONFIRMADO
from domain.cliente.agregado import Cliente
from domain.pagos import eventos as pago
from gateway.auditoria.cambios import Cambio
from gateway.eventos.identidad import evento_de

_MODULOS = {"clientes": "cliente", "pagos": "pagos", "campanias": "campanias"}


def contar_en_palabras(evento: Evento) -> str:
    """One sentence about an event of a client, a payout or a campaign; the stored name of any other."""
    frase = _POR_NOMBRE.get(evento.TOPIC)
    return evento.TOPIC if frase is None else frase(evento)


def explicar_causa(evento: Evento) -> str:
    """Because of what an event happened: another event, or the request that asked for it."""
    if not evento.causation_id:
        return "por sí mismo, sin petición"
    otro = evento_de(evento.causation_id)
    if otro is None:
        return f"por la petición {evento.causation_id}"
    aplicacion, stream, version = otro
    return f"por el evento {version} de {stream} ({_MODULOS[aplicacion]})"


def explicar_cambios(cambios: Iterable[Cambio]) -> list[str]:
    """One line a changed field."""
    return [_explicar(cambio) for cambio in cambios]


def en_palabras(valor: Any) -> str:
    """A value, as JSON has it, on one line."""
    match valor:
        case None:
            return "—"
        case bool():
            return "sí" if valor else "no"
        case {"valor": monto, "moneda": moneda}:
            return f"{monto} {moneda}"
        case dict():
            return ", ".join(f"{clave}: {en_palabras(uno)}" for clave, uno in valor.items()) or "—"
        case list() | tuple():
            return ", ".join(map(en_palabras, valor)) or "—"
        case _:
            return str(valor)


def _explicar(cambio: Cambio) -> str:
    antes, despues = en_palabras(cambio.antes), en_palabras(cambio.despues)
    if cambio.antes is None:
        return f"{cambio.campo}: {despues}"
    return f"{cambio.campo}: {antes} → {despues}"


def _de_pago_creado(evento: pago.Creado) -> str:
    verbo = "Se informó de un pago" if evento.reportado else "Se ordenó un pago"
    return f"{verbo} de {_monto(evento.monto)} a {evento.partner_id}, ciclo {evento.cycle_id}"


def _de_comision(evento: pago.ComisionCalculada) -> str:
    tasa = f"{Decimal(evento.tasa_pb).scaleb(-2).normalize():f} % de {_monto(evento.base)}"
    politica = f"política {evento.politica}, versión {evento.politica_version}"
    return f"Se calculó la comisión, {_monto(evento.comision)}: {tasa} ({politica})"


def _de_fallo(evento: pago.Fallido) -> str:
    resto = "; no se intenta más" if evento.definitivo else ""
    return f"Falló ({evento.codigo}): {evento.motivo}{resto}"


def _de_pago_ignorado(evento: campania.PagoIgnorado) -> str:
    hecho = "confirmación" if evento.hecho == CONFIRMADO else "caída"
    return f"Llegó tarde la {hecho} del pago {evento.payout_id}: no cambia nada"


def _de_cancelada(evento: campania.Cancelada) -> str:
    por = f", por el pago {evento.payout_id}" if evento.payout_id else ""
    return f"Se canceló la campaña{por}: {evento.motivo}"


def _monto(dinero: Dinero) -> str:
    return f"{dinero.valor} {dinero.moneda}"


_FRASES: dict[type[Evento], Callable[[Any], str]] = {
    Cliente.Registrado: lambda _: "Se registró el cliente",
    Cliente.Actualizado: lambda _: "Cambiaron los datos del cliente",
    Cliente.Desactivado: lambda evento: f"Se desactivó el cliente: {evento.motivo}",
    Cliente.Reactivado: lambda _: "Se reactivó el cliente",
    Cliente.Anonimizado: lambda evento: f"Se olvidó a la persona: {evento.motivo}",
    pago.Creado: _de_pago_creado,
    pago.ComisionCalculada: _de_comision,
    pago.Procesado: lambda evento: f"Se entregó al procesador, intento {evento.intento}",
    pago.Confirmado: lambda evento: f"Se pagó, con el comprobante {evento.confirmation_id}",
    pago.Fallido: _de_fallo,
    pago.ResultadoDesconocido: lambda evento: (
        f"Sin respuesta a tiempo al intento {evento.intento}: no se sabe si se pagó"
    ),
    pago.Reintentado: lambda evento: f"Vuelve a la cola, para el intento {evento.intento}",
    pago.Revertido: lambda evento: f"Se deshizo el pago: {evento.motivo}",
    pago.Cancelado: lambda evento: f"Se retiró el pago: {evento.motivo}",
    pago.ComisionRevertida: lambda evento: f"Se devolvió la comisión, {_monto(evento.comision)}",
    campania.Creada: lambda evento: f"Se creó la campaña {evento.nombre}, del cliente {evento.cliente_id}",
    campania.Aprobada: lambda evento: f"La aprobó el pago {evento.payout_id}",
    campania.Activada: lambda _: "Empezó la campaña",
    campania.Pausada: lambda _: "Se pausó la campaña",
    campania.Reanudada: lambda _: "Se reanudó la campaña",
    campania.Finalizada: lambda _: "Terminó la campaña",
    campania.GastoRegistrado: lambda evento: f"Se gastaron {_monto(evento.monto)} (gasto {evento.gasto_id})",
    campania.PresupuestoAjustado: lambda evento: f"El presupuesto pasó a {_monto(evento.presupuesto)}",
    campania.PagoAsociado: lambda evento: f"Se le sumó el pago {evento.payout_id}",
    campania.PagoDesasociado: lambda evento: f"Dejó de contar el pago {evento.payout_id}: {evento.motivo}",
    campania.PagoIgnorado: _de_pago_ignorado,
    campania.Cancelada: _de_cancelada,
    Rechazo.ComandoRechazado: lambda evento: f"Se rechazó {evento.comando} ({evento.codigo}): {evento.motivo}",
}
# The aggregates keep event classes of their own, made from these: the stored name is what they share.
_POR_NOMBRE = {clase.TOPIC: frase for clase, frase in _FRASES.items()}
