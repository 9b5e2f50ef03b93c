"""One payout driven as far as it goes now.

The to-do list is only a hint and may be behind. Each command names the version that it was decided on, so that of two
drivers (or a driver and a person) one acts and the other gives way; each attempt has one idempotency key, and an
attempt that somebody may have sent already is asked about before it is paid.
"""

from collections.abc import Callable
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
        self._version = 0
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
        self._correlacion = cast(Evento, next(iter(self._pagos.events.get(self._id, lte=1)))).correlation_id
        with siguiendo(self._correlacion):
            self._andar(payout)

    def _andar(self, payout: Payout) -> None:
        if payout.estado is Estado.PROCESANDO:
            self._contar(self._procesador.consultar(_solicitud(payout)))
            return
        if payout.estado is Estado.FALLIDO:
            self._ordenar(ReintentarPago(self._id))
        self._ordenar(ProcesarPago(self._id))
        self._contar(self._procesador.pagar(_solicitud(payout)))

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
        """When the payment was completed. Clocks differ: one that is a little behind ours completed it at the order."""
        payout = self._pagos.buscar(Payout, self._id)
        ordenado = payout.processed_at if payout is not None else None
        if ordenado is None or not timedelta(0) < ordenado - dicho.completed_at <= ADELANTO_ADMITIDO:
            return dicho.completed_at
        return ordenado

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


def _solicitud(payout: Payout) -> Solicitud:
    return Solicitud(
        payout.id,
        payout.intento,
        payout.partner_id,
        payout.monto,
        payout.payment_method_type,
        payout.payment_method_mask,
    )
