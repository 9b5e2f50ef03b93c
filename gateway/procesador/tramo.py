"""One payout driven as far as it goes now.

The to-do list is only a hint and may be behind. Each command names the version that it was decided on, so that of two
drivers (or a driver and a person) one acts and the other gives way; each attempt has one idempotency key, and an
attempt that somebody may have sent already is asked about before it is paid.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol, cast

import structlog

from domain.base.agregado import Evento
from domain.base.contexto import Actor, Contexto
from domain.base.errores import ErrorDeDominio, EscrituraDisputada, VersionDistinta
from domain.base.fechas import ADELANTO_ADMITIDO
from domain.pagos.agregado import Payout
from domain.pagos.aplicacion import Pagos
from domain.pagos.comandos import (
    ConfirmarPago,
    FallarPago,
    MarcarResultadoDesconocido,
    ProcesarPago,
    ReintentarPago,
)
from domain.pagos.estado import Estado
from domain.pagos.procesador import Confirmada, ProcesadorDePagos, Rechazada, Respuesta, Solicitud
from gateway.bitacora import Bitacora
from gateway.eventos.identidad import id_de_evento
from gateway.rastro import siguiendo

ACTOR = Actor("system", "payment-processor")
MOTIVO_IMPUBLICABLE = "Rechazado por el procesador"
"""Stands in for a reason that the domain refuses to store (it may quote a card number)."""

_log = structlog.get_logger(__name__)


class Pendiente(Protocol):
    """A line of the to-do list: the payout as its projection last saw it.

    ``intento`` is the attempt under way, or the last one that failed.
    """

    @property
    def payout_id(self) -> str: ...
    @property
    def estado(self) -> str: ...
    @property
    def intento(self) -> int: ...
    @property
    def desconocido(self) -> bool: ...


class Tramo:
    """One payout in one thread, from where the list saw it to where the processor's answer leaves it."""

    def __init__(
        self, pagos: Pagos, procesador: ProcesadorDePagos, reloj: Callable[[], datetime], pendiente: Pendiente
    ) -> None:
        self._pagos, self._procesador, self._reloj = pagos, procesador, reloj
        self._pendiente, self._id = pendiente, pendiente.payout_id
        self._version = self._rechazos = 0
        self._correlacion = self._causa = ""
        self._bitacora = Bitacora("trabajador")

    def andar(self) -> None:
        """Order the payment, or ask about it, and tell what the processor said.

        Raises VersionDistinta, EscrituraDisputada when somebody else was first: nothing is lost, they drive it.
        """
        payout = self._pagos.buscar(Payout, self._id)
        if payout is None or payout.reportado or not self._es_actual(payout):
            return
        self._version = payout.version
        eventos = cast(Sequence[Evento], list(self._pagos.events.get(self._id, lte=self._version)))
        self._correlacion = eventos[0].correlation_id
        self._rechazos = sum(isinstance(uno, Payout.Fallido) and uno.actor_id == ACTOR.id for uno in eventos)
        with siguiendo(self._correlacion):
            self._andar(payout)

    def _andar(self, payout: Payout) -> None:
        if payout.estado is Estado.PROCESANDO:
            self._contar(self._procesador.consultar(self._solicitud(payout)))
            return
        if payout.estado is Estado.FALLIDO:
            self._ordenar(ReintentarPago(self._id))
        self._ordenar(ProcesarPago(self._id))
        self._contar(self._procesador.pagar(self._solicitud(payout)))

    def _solicitud(self, payout: Payout) -> Solicitud:
        """What the processor is told.

        Its attempts are those that it refused itself: one that a person gave up while its answer was out may have
        been paid, so the next one is the same to the processor, which pays it once.
        """
        return Solicitud(
            payout.id,
            self._rechazos + 1,
            payout.partner_id,
            payout.monto,
            payout.payment_method_type,
            payout.payment_method_mask,
        )

    def _es_actual(self, payout: Payout) -> bool:
        """Whether the list saw the payout as it stands: if not, somebody has driven it on."""
        visto, ultimo = self._pendiente, payout.fallos if payout.estado is Estado.FALLIDO else payout.intento
        return (payout.estado, ultimo, payout.desconocido) == (visto.estado, visto.intento, visto.desconocido)

    def _contar(self, respuesta: Respuesta) -> None:
        try:
            match respuesta:
                case Confirmada():
                    self._ordenar(ConfirmarPago(self._id, respuesta.confirmation_id, self._cuando(respuesta)))
                case Rechazada():
                    self._fallar(respuesta)
                case _:
                    self._ordenar(MarcarResultadoDesconocido(self._id))
        except (VersionDistinta, EscrituraDisputada):
            if isinstance(respuesta, Confirmada):
                self._avisar_si_se_pierde(respuesta)
            raise
        except ErrorDeDominio as error:
            _log.error("respuesta increíble del procesador", payout=self._id, codigo=error.codigo)
            self._ordenar(MarcarResultadoDesconocido(self._id))

    def _cuando(self, dicho: Confirmada) -> datetime:
        """When the payment was completed.

        Clocks differ: one that is a little behind ours completed it at the order. So did one that was ordered before
        a person gave it up.
        """
        payout = self._pagos.buscar(Payout, self._id)
        if payout is None or payout.processed_at is None:
            return dicho.completed_at
        antes = payout.processed_at - dicho.completed_at
        creible = payout.fallos > self._rechazos or antes <= ADELANTO_ADMITIDO
        return payout.processed_at if antes > timedelta(0) and creible else dicho.completed_at

    def _avisar_si_se_pierde(self, dicho: Confirmada) -> None:
        """Money moved, but a person has settled the payout otherwise: somebody has to look at it."""
        payout = self._pagos.buscar(Payout, self._id)
        if payout is None or (
            payout.estado is not Estado.PROCESANDO and payout.confirmation_id != dicho.confirmation_id
        ):
            _log.error("el procesador pagó un payout que otro dio por terminado", payout=self._id)

    def _fallar(self, dicho: Rechazada) -> None:
        try:
            self._ordenar(FallarPago(self._id, dicho.codigo, dicho.motivo, dicho.definitivo))
        except (VersionDistinta, EscrituraDisputada):
            raise
        except ErrorDeDominio:
            self._ordenar(FallarPago(self._id, dicho.codigo, MOTIVO_IMPUBLICABLE, dicho.definitivo))

    def _ordenar(self, orden: object) -> None:
        circunstancias = Contexto(
            ahora=self._reloj(),
            actor=ACTOR,
            correlation_id=self._correlacion,
            causation_id=self._causa,
            version_esperada=self._version,
        )
        posicion = self._pagos.ejecutar(orden, circunstancias)
        self._bitacora.cumplida(orden, circunstancias, de=self._id)
        self._version, self._causa = posicion.version, id_de_evento(self._pagos.name, self._id, posicion.version)
