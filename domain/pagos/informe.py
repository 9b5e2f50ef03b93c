"""What the body of a payment means: a payout to be made, or one that is reported."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from domain.base.dinero import Dinero
from domain.base.fechas import exigir_no_futura
from domain.base.texto import identificador, referencia, texto_libre
from domain.base.valores import Mascara
from domain.pagos.comandos import CrearPago
from domain.pagos.errores import CompletadoSinConfirmacion, FalloConConfirmacion


@dataclass(frozen=True, slots=True)
class Informe:
    """The body as told, each value valid. Datetimes are aware, UTC."""

    partner_id: str
    cycle_id: str
    monto: Dinero
    payment_method_type: str | None
    payment_method_mask: str | None
    confirmation_id: str | None
    processed_at: datetime | None
    completed_at: datetime | None
    failure_reason: str | None
    cliente_id: str | None
    campania_id: str | None

    @classmethod
    def de(cls, orden: CrearPago, ahora: datetime) -> "Informe":
        """Read a body. Raises ReglaRota: the rules of each value, and of what excludes what.

        Whether ``completed_at`` may be true is for the payout to say, as in every confirmation.
        """
        if orden.failure_reason is not None and orden.confirmation_id is not None:
            raise FalloConConfirmacion
        if orden.completed_at is not None and orden.confirmation_id is None:
            raise CompletadoSinConfirmacion
        exigir_no_futura(orden.processed_at, "processed_at", ahora)
        tipo, mascara = orden.payment_method_type, orden.payment_method_mask
        confirmacion, fallo = orden.confirmation_id, orden.failure_reason
        return cls(
            partner_id=referencia(orden.partner_id, "partner_id"),
            cycle_id=referencia(orden.cycle_id, "cycle_id"),
            monto=Dinero.de(orden.total_amount, orden.currency),
            payment_method_type=None if tipo is None else referencia(tipo, "payment_method_type", maximo=64),
            payment_method_mask=None if mascara is None else Mascara.de(mascara).valor,
            confirmation_id=None if confirmacion is None else referencia(confirmacion, "confirmation_id"),
            processed_at=orden.processed_at,
            completed_at=orden.completed_at,
            failure_reason=None if fallo is None else texto_libre(fallo, "failure_reason"),
            cliente_id=None if orden.cliente_id is None else identificador(orden.cliente_id, "cliente_id"),
            campania_id=None if orden.campania_id is None else identificador(orden.campania_id, "campania_id"),
        )

    @property
    def contado(self) -> dict[str, Any]:
        """The report by name of datum, but for the failure, which is an event of its own."""
        return {dato: getattr(self, dato) for dato in _CONTADOS}

    @property
    def procesado(self) -> bool:
        """Whether the payment was at least ordered."""
        return self.processed_at is not None or self.confirmation_id is not None

    @property
    def reportado(self) -> bool:
        """Whether somebody tells of a payment that happened, so that nobody has to make it."""
        return self.procesado or self.failure_reason is not None


_CONTADOS = tuple(dato.name for dato in fields(Informe) if dato.name != "failure_reason")
