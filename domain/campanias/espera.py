"""Payment facts that came before their campaign."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from eventsourcing.domain import event
from eventsourcing.persistence import IntegrityError

from domain.base.agregado import Agregado, Evento
from domain.campanias.agregado import Campania
from domain.campanias.eventos import CAIDO, CONFIRMADO


class EsperaYaCerrada(IntegrityError):
    """The campaign was created since it was looked for: look again."""


class Espera(Agregado):
    """The payments that wait for a campaign, in order of arrival, until its creation closes the stream.

    Every payment of a cycle that is no campaign waits here, so a stream can be very long: it stands on its last
    event alone, and begins with any of its events.
    """

    TOPIC = "Espera"

    class Event(Evento):
        def mutate(self, aggregate: Any) -> Any:
            previa = aggregate or Espera.vacia(self.originator_id, self.originator_version - 1, self.timestamp)
            return super().mutate(previa)

    class PagoConfirmado(Event):
        TOPIC = "EsperaPagoConfirmado.v1"
        payout_id: str

    class PagoCaido(Event):
        TOPIC = "EsperaPagoCaido.v1"
        payout_id: str
        motivo: str

    class Cerrada(Event):
        TOPIC = "EsperaCerrada.v1"

    @staticmethod
    def id_de(campania_id: str) -> str:
        """The stream in which payments wait for a campaign."""
        return f"espera:{campania_id}"

    @classmethod
    def vacia(cls, id: str, version: int, ahora: datetime) -> "Espera":
        """The stream at a version, as if nothing had happened in it."""
        espera = cls.__new__(cls)
        espera.__base_init__(id, version, ahora)
        espera.cerrada = False
        espera.ultimo = ("", "")
        return espera

    def confirmar_pago(self, payout_id: str) -> None:
        """A payment waits for the campaign. Raises EsperaYaCerrada."""
        self._exigir_abierta()
        if self.ultimo != (CONFIRMADO, payout_id):
            self._aplicar_pago_confirmado(payout_id)

    def tumbar_pago(self, payout_id: str, motivo: str) -> None:
        """The fall of a payment waits for the campaign. Raises EsperaYaCerrada."""
        self._exigir_abierta()
        if self.ultimo != (CAIDO, payout_id):
            self._aplicar_pago_caido(payout_id, motivo)

    def cerrar(self) -> None:
        """The campaign exists from now on. Raises EsperaYaCerrada."""
        self._exigir_abierta()
        self._aplicar_cerrada()

    def _exigir_abierta(self) -> None:
        if self.cerrada:
            raise EsperaYaCerrada

    @event(PagoConfirmado)
    def _aplicar_pago_confirmado(self, payout_id: str) -> None:
        self.ultimo = (CONFIRMADO, payout_id)

    @event(PagoCaido)
    def _aplicar_pago_caido(self, payout_id: str, motivo: str) -> None:
        self.ultimo = (CAIDO, payout_id)

    @event(Cerrada)
    def _aplicar_cerrada(self) -> None:
        self.cerrada = True


def entregar(hechos: Iterable[object], campania: Campania) -> None:
    """Tell a new campaign what happened before it, by the rules of any other day."""
    for hecho in hechos:
        match hecho:
            case Espera.PagoConfirmado():
                campania.asociar_pago(hecho.payout_id)
            case Espera.PagoCaido():
                campania.desasociar_pago(hecho.payout_id, hecho.motivo)
