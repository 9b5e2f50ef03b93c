"""The use cases of Pagos."""

from collections.abc import Callable
from datetime import datetime
from functools import singledispatchmethod
from typing import Any

from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment

from domain.base.aplicacion import Aplicacion, Posicion
from domain.base.contexto import contexto
from domain.base.reserva import Reserva, reservar
from domain.base.texto import identificador, referencia
from domain.pagos.agregado import Payout
from domain.pagos.comandos import (
    CancelarPago,
    ConfirmarPago,
    CrearPago,
    FallarPago,
    MarcarResultadoDesconocido,
    ProcesarPago,
    ReintentarPago,
    RevertirPago,
)
from domain.pagos.comision import POLITICA_VIGENTE
from domain.pagos.errores import ConfirmacionYaUsada, PartnerNoEncontrado, PayoutYaExiste
from domain.pagos.informe import Informe


class Pagos(Aplicacion):
    """Payouts, and which of them holds each confirmation of a partner, over one log."""

    name = "pagos"
    modulo = "pagos"

    def __init__(
        self,
        fabrica: Callable[[Environment], InfrastructureFactory[Any]],
        reloj: Callable[[], datetime],
        *,
        huella: Callable[[str, str], str],
        partner_admitido: Callable[[str], bool],
    ) -> None:
        """``huella`` is the keyed hash of (purpose, value); ``partner_admitido`` tells who may be paid."""
        self._huella, self._partner_admitido = huella, partner_admitido
        super().__init__(fabrica, reloj)

    @singledispatchmethod
    def decidir(self, orden: Any) -> Posicion:
        return super().decidir(orden)

    @decidir.register
    def _(self, orden: CrearPago) -> Posicion:
        ahora = contexto().ahora
        informe = Informe.de(orden, ahora)
        payout = Payout.crear(identificador(orden.payout_id, "id"), informe, POLITICA_VIGENTE, ahora)
        admitido = self._partner_admitido(informe.partner_id)
        # Who was paid once may be admitted no more, and what was told then stays told.
        contado = self._contado_antes(payout, informe.confirmation_id, mirar=not admitido)
        if contado is not None:
            return self.guardar(contado)
        if not admitido:
            raise PartnerNoEncontrado
        return self.guardar(payout, *self._reservas(payout, informe.confirmation_id))

    @decidir.register
    def _(self, orden: ProcesarPago) -> Posicion:
        payout = self.obtener(Payout, orden.payout_id)
        payout.procesar(contexto().ahora)
        return self.guardar(payout)

    @decidir.register
    def _(self, orden: ConfirmarPago) -> Posicion:
        payout = self.obtener(Payout, orden.payout_id)
        confirmacion = referencia(orden.confirmation_id, "confirmation_id")
        payout.confirmar(confirmacion, orden.completed_at, contexto().ahora)
        return self.guardar(payout, *self._reservas(payout, confirmacion))

    @decidir.register
    def _(self, orden: FallarPago) -> Posicion:
        payout = self.obtener(Payout, orden.payout_id)
        payout.fallar(orden.codigo, orden.motivo, orden.definitivo, contexto().ahora, orden.intento)
        return self.guardar(payout)

    @decidir.register
    def _(self, orden: MarcarResultadoDesconocido) -> Posicion:
        payout = self.obtener(Payout, orden.payout_id)
        payout.desconocer()
        return self.guardar(payout)

    @decidir.register
    def _(self, orden: ReintentarPago) -> Posicion:
        payout = self.obtener(Payout, orden.payout_id)
        payout.reintentar()
        return self.guardar(payout)

    @decidir.register
    def _(self, orden: RevertirPago) -> Posicion:
        payout = self.obtener(Payout, orden.payout_id)
        payout.revertir(orden.motivo)
        return self.guardar(payout)

    @decidir.register
    def _(self, orden: CancelarPago) -> Posicion:
        payout = self.obtener(Payout, orden.payout_id)
        payout.cancelar(orden.motivo)
        return self.guardar(payout)

    def _contado_antes(self, payout: Payout, confirmacion: str | None, *, mirar: bool) -> Payout | None:
        """The payout that the same report made before. A first try looks only if told to (``mirar``), or for who
        insists on a version.

        Raises PayoutYaExiste, ConfirmacionYaUsada.
        """
        circunstancias = contexto()
        if not (mirar or circunstancias.intento or circunstancias.version_esperada is not None):
            return None
        previo = self.buscar(Payout, payout.id)
        if previo is not None and not previo.repite(payout):
            raise PayoutYaExiste
        if previo is not None or confirmacion is None:
            return previo
        reserva = self.buscar(Reserva, self._reserva(payout.partner_id, confirmacion))
        titular = self.buscar(Payout, reserva.titular) if reserva is not None and reserva.titular else None
        if titular is not None and not titular.repite(payout):
            raise ConfirmacionYaUsada
        return titular

    def _reservas(self, payout: Payout, confirmacion: str | None) -> tuple[Reserva, ...]:
        """The reservation of a confirmation, if there is one, to be saved with its payout."""
        if confirmacion is None:
            return ()
        return (reservar(self, self._reserva(payout.partner_id, confirmacion), payout.id, ConfirmacionYaUsada),)

    def _reserva(self, partner_id: str, confirmacion: str) -> str:
        # Neither text may hold a line break, so no two pairs read the same.
        pareja = f"{partner_id}\n{confirmacion}"
        return f"confirmacion:{self._huella('confirmacion', pareja)}"
