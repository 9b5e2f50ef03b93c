"""The payout: how it begins, what may be asked of it."""

from datetime import datetime

from eventsourcing.domain import event

from domain.base.agregado import Agregado
from domain.base.dinero import Dinero
from domain.base.errores import exigir_estado
from domain.base.fechas import exigir_no_futura, exigir_orden
from domain.base.texto import texto_libre
from domain.pagos import errores, eventos
from domain.pagos.comision import PoliticaDeComision
from domain.pagos.estado import CodigoDeFallo, Estado
from domain.pagos.informe import Informe
from domain.pagos.reintentos import INTENTOS, ya_fallo


class Payout(Agregado):
    """Money we owe a partner, from the day it is known to the day it is settled or taken back."""

    TOPIC = "Payout"
    ausente = errores.PayoutNoEncontrado
    Creado = eventos.Creado
    ComisionCalculada = eventos.ComisionCalculada
    Procesado = eventos.Procesado
    Confirmado = eventos.Confirmado
    Fallido = eventos.Fallido
    ResultadoDesconocido = eventos.ResultadoDesconocido
    Reintentado = eventos.Reintentado
    Revertido = eventos.Revertido
    Cancelado = eventos.Cancelado
    ComisionRevertida = eventos.ComisionRevertida

    @event(Creado)
    def __init__(
        self,
        *,
        id: str,
        partner_id: str,
        cycle_id: str,
        monto: Dinero,
        payment_method_type: str | None,
        payment_method_mask: str | None,
        cliente_id: str | None,
        campania_id: str | None,
        reportado: bool,
        confirmation_id: str | None,
        processed_at: datetime | None,
        completed_at: datetime | None,
    ) -> None:
        self.estado = Estado.PENDIENTE
        self.partner_id, self.cycle_id, self.monto = partner_id, cycle_id, monto
        self.payment_method_type, self.payment_method_mask = payment_method_type, payment_method_mask
        self.cliente_id, self.campania_id, self.reportado = cliente_id, campania_id, reportado
        pago = (partner_id, cycle_id, monto, payment_method_type, payment_method_mask, cliente_id, campania_id)
        self._contado = (*pago, confirmation_id, processed_at, completed_at)
        self.processed_at: datetime | None = None
        self.confirmation_id: str | None = None
        self.completed_at: datetime | None = None
        self.codigo: str | None = None
        self.fallos, self.definitivo, self.desconocido = 0, False, False

    @classmethod
    def crear(cls, id: str, informe: Informe, politica: PoliticaDeComision, ahora: datetime) -> "Payout":
        """A payout to be made, or one whose report tells how far it got. ``ahora`` dates a reported failure."""
        payout = cls(id=id, reportado=informe.reportado, **informe.contado)
        tasa = (politica.tasa_pb, politica.nombre, politica.version)
        payout._aplicar_comision_calculada(politica.comision(informe.monto), informe.monto, *tasa)
        if informe.procesado:
            payout._aplicar_procesado(payout.intento, informe.processed_at or informe.completed_at)
        if informe.failure_reason is not None:
            payout.fallar(CodigoDeFallo.REPORTADO.value, informe.failure_reason, definitivo=True, ahora=ahora)
        if informe.confirmation_id is not None and informe.completed_at is not None:
            payout.confirmar(informe.confirmation_id, informe.completed_at, ahora)
        return payout

    @property
    def campania(self) -> str | None:
        return eventos.campania_de(self.campania_id, self.cycle_id)

    @property
    def intento(self) -> int:
        """The attempt under way, or the one to come: 1 to INTENTOS."""
        return self.fallos + 1

    def repite(self, otro: "Payout") -> bool:
        """Whether ``otro`` tells the same report as this payout did first."""
        return bool(self._contado == otro._contado)

    def procesar(self, ahora: datetime) -> None:
        """Order the payment. Raises TransicionIlegal."""
        if self.estado is Estado.PROCESANDO:
            return
        exigir_estado("procesar", self.estado, Estado.PENDIENTE)
        self._aplicar_procesado(self.intento, ahora)

    def confirmar(self, confirmation_id: str, completed_at: datetime, ahora: datetime) -> None:
        """Settle the payout. Raises TransicionIlegal, PagoYaConfirmado, FechaEnElFuturo, CompletadoAntesDeProcesado."""
        if self.estado is Estado.COMPLETADO:
            if (self.confirmation_id, self.completed_at) != (confirmation_id, completed_at):
                raise errores.PagoYaConfirmado
            return
        exigir_estado("confirmar", self.estado, Estado.PROCESANDO)
        exigir_no_futura(completed_at, "completed_at", ahora)
        exigir_orden(self.processed_at, completed_at)
        self._aplicar_confirmado(confirmation_id, completed_at, self.campania)

    def fallar(self, codigo: str, motivo: str, definitivo: bool, ahora: datetime, intento: int | None = None) -> None:
        """Tell that an attempt failed, by default the one under way; the last one fails for good. Raises PagoYaFallido,
        TransicionIlegal, IntentoSinEmpezar, CodigoDesconocido, and what ``texto_libre`` raises."""
        if codigo not in CodigoDeFallo.__members__:
            raise errores.CodigoDesconocido
        motivo = texto_libre(motivo, "motivo")
        if ya_fallo(intento, self.fallos if self.estado is Estado.FALLIDO else self.intento):
            return
        if self.estado is Estado.FALLIDO:
            if (self.codigo, self.definitivo) != (codigo, definitivo or self.fallos >= INTENTOS):
                raise errores.PagoYaFallido
            return
        exigir_estado("fallar", self.estado, Estado.PENDIENTE, Estado.PROCESANDO)
        self._aplicar_fallido(codigo, motivo, definitivo or self.intento >= INTENTOS, ahora, self.campania)
        if self.definitivo:
            self._aplicar_comision_revertida(self.comision)

    def desconocer(self) -> None:
        """Tell that no answer came in time: nothing is guessed. Raises TransicionIlegal."""
        exigir_estado("marcar como desconocido", self.estado, Estado.PROCESANDO)
        if not self.desconocido:
            self._aplicar_resultado_desconocido(self.intento)

    def reintentar(self) -> None:
        """Try again after a failure. Raises TransicionIlegal, FalloDefinitivo."""
        if self.estado is Estado.PENDIENTE:
            return
        exigir_estado("reintentar", self.estado, Estado.FALLIDO)
        if self.definitivo:
            raise errores.FalloDefinitivo
        self._aplicar_reintentado(self.intento)

    def revertir(self, motivo: str) -> None:
        """Take a settled payment back, once. Raises TransicionIlegal, and what ``texto_libre`` raises."""
        motivo = texto_libre(motivo, "motivo")
        if self.estado is Estado.REVERTIDO:
            return
        exigir_estado("revertir", self.estado, Estado.COMPLETADO)
        self._aplicar_revertido(motivo, self.campania)
        self._aplicar_comision_revertida(self.comision)

    def cancelar(self, motivo: str) -> None:
        """Give up a payment that is not under way. Raises TransicionIlegal, and what ``texto_libre`` raises."""
        motivo = texto_libre(motivo, "motivo")
        if self.estado is Estado.CANCELADO:
            return
        exigir_estado("cancelar", self.estado, Estado.PENDIENTE)
        self._aplicar_cancelado(motivo)
        self._aplicar_comision_revertida(self.comision)

    @event(ComisionCalculada)
    def _aplicar_comision_calculada(
        self, comision: Dinero, base: Dinero, tasa_pb: int, politica: str, politica_version: int
    ) -> None:
        self.comision = comision

    @event(Procesado)
    def _aplicar_procesado(self, intento: int, processed_at: datetime | None) -> None:
        self.estado, self.processed_at = Estado.PROCESANDO, processed_at

    @event(Confirmado)
    def _aplicar_confirmado(self, confirmation_id: str, completed_at: datetime, campania: str | None) -> None:
        self.estado, self.desconocido = Estado.COMPLETADO, False
        self.confirmation_id, self.completed_at = confirmation_id, completed_at
        self.processed_at = self.processed_at or completed_at

    @event(Fallido)
    def _aplicar_fallido(
        self, codigo: str, motivo: str, definitivo: bool, failed_at: datetime, campania: str | None
    ) -> None:
        self.estado, self.desconocido = Estado.FALLIDO, False
        self.codigo, self.definitivo, self.fallos = codigo, definitivo, self.fallos + 1

    @event(ResultadoDesconocido)
    def _aplicar_resultado_desconocido(self, intento: int) -> None:
        self.desconocido = True

    @event(Reintentado)
    def _aplicar_reintentado(self, intento: int) -> None:
        self.estado = Estado.PENDIENTE

    @event(Revertido)
    def _aplicar_revertido(self, motivo: str, campania: str | None) -> None:
        self.estado = Estado.REVERTIDO

    @event(Cancelado)
    def _aplicar_cancelado(self, motivo: str) -> None:
        self.estado = Estado.CANCELADO

    @event(ComisionRevertida)
    def _aplicar_comision_revertida(self, comision: Dinero) -> None:
        self.comision_revertida = True
