"""What messages about payments say, as the events that ``domain/politicas`` react to."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from domain.base.agregado import Evento
from domain.base.errores import ReglaRota
from domain.base.texto import es_identificador, texto_libre
from domain.pagos.agregado import Payout
from gateway.pulsar.contratos import MensajeIlegible
from gateway.pulsar.recibidos import Leido

PAYOUT = "payout-"
"""How the ids of our own payments begin."""
_CAMPANIA = ("idCampania", "campania_id", "campaniaId", "id_campania", "campania")
_PAGO = ("payout_id", "idPago", "pago_id", "payoutId", "id_pago")
NOMBRES_DE_IDS = frozenset(_CAMPANIA + _PAGO)
SIN_MOTIVO = "sin motivo"


def hecho_de_pago(leido: Leido, ahora: datetime) -> Evento | None:
    """The event of a payment that a message tells of; None when nothing may follow from one of its type.

    Who names no payment speaks of one payment of its own per campaign, so that its facts meet in any order.
    Raises MensajeIlegible when it says neither whose payment nor of which campaign, or says what can't be.
    """
    if leido.tipo not in _CLASES:
        return None
    clase, lo_propio = _CLASES[leido.tipo]
    pago, campania = _de_que(leido)
    evento: Evento = clase(
        originator_id=pago or f"externo:{campania}",
        originator_version=leido.secuencia,
        timestamp=ahora,
        correlation_id=leido.correlacion,
        causation_id="",
        actor_tipo="",
        actor_id="",
        campania=campania,
        **lo_propio(leido.datos, ahora),
    )
    return evento


def _de_que(leido: Leido) -> tuple[str | None, str | None]:
    """The payment and the campaign that a message names."""
    pago, campania = _primero(leido.datos, _PAGO), _primero(leido.datos, _CAMPANIA)
    if (
        pago is None
        and leido.agregado
        and (leido.agregado.startswith(PAYOUT) or campania not in (None, leido.agregado))
    ):
        pago = leido.agregado
    if campania is None and leido.agregado and leido.agregado != pago:
        campania = leido.agregado
    if pago is None and campania is None:
        raise MensajeIlegible("no dice de qué campaña ni de qué pago habla")
    if campania is not None and not es_identificador(campania):
        raise MensajeIlegible("la campaña que nombra no puede existir")
    if pago is not None and not es_identificador(pago):
        raise MensajeIlegible("el pago que nombra no puede existir")
    return pago, campania


def _primero(datos: Mapping[str, Any], nombres: tuple[str, ...]) -> str | None:
    dichos = (datos.get(nombre) for nombre in nombres)
    return next((dicho for dicho in dichos if isinstance(dicho, str) and dicho), None)


def _motivo(datos: Mapping[str, Any]) -> str:
    """Why. What no motivo of ours may hold is left unsaid, since the fact holds all the same."""
    dicho = datos.get("motivo") or datos.get("reason")
    try:
        return texto_libre(dicho, "motivo") if isinstance(dicho, str) else SIN_MOTIVO
    except ReglaRota:
        return SIN_MOTIVO


def _definitivo(dicho: Any) -> bool:
    """Who doesn't say whether it will be tried again has no more to say about it."""
    if not isinstance(dicho, bool | None):
        raise MensajeIlegible("definitivo no es true ni false")
    return dicho is not False


_CLASES: Mapping[str, tuple[Any, Callable[[Mapping[str, Any], datetime], dict[str, Any]]]] = {
    "PagoConfirmado": (Payout.Confirmado, lambda _, ahora: {"confirmation_id": "", "completed_at": ahora}),
    "PagoRevertido": (Payout.Revertido, lambda datos, _: {"motivo": _motivo(datos)}),
    "PagoFallido": (
        Payout.Fallido,
        lambda datos, ahora: {
            "codigo": "",
            "motivo": _motivo(datos),
            "definitivo": _definitivo(datos.get("definitivo")),
            "failed_at": ahora,
        },
    ),
}
"""The events from which something follows, by type; a policy reads no more of them than is told here."""
