"""The facts that the specifications of payouts tell again and again."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.base.dinero import Dinero
from domain.pagos.agregado import Payout
from domain.pagos.aplicacion import Pagos
from domain.pagos.comandos import CrearPago
from domain.pagos.comision import POLITICA_VIGENTE
from domain.pagos.estado import Estado
from domain.pagos.informe import Informe
from tests.domain.especificacion import AHORA, ID, hecho

PROCESADO_EN = datetime(2026, 2, 28, 10, 30, 0, tzinfo=UTC)
COMPLETADO_EN = PROCESADO_EN + timedelta(minutes=2)
CREADO_CON: dict[str, Any] = {
    "partner_id": "PARTNER001",
    "cycle_id": "CYCLE-2026-02",
    "monto": Dinero(125_050, "USD"),
    "payment_method_type": None,
    "payment_method_mask": None,
    "cliente_id": None,
    "campania_id": None,
    "reportado": False,
    "confirmation_id": None,
    "processed_at": None,
    "completed_at": None,
}
CREADO = hecho(Payout.Creado, **CREADO_CON)
COMISION = hecho(
    Payout.ComisionCalculada,
    comision=Dinero(12_505, "USD"),
    base=Dinero(125_050, "USD"),
    tasa_pb=1_000,
    politica="ESTANDAR",
    politica_version=1,
)
COMISION_REVERTIDA = hecho(Payout.ComisionRevertida, comision=Dinero(12_505, "USD"))
DESCONOCIDO = hecho(Payout.ResultadoDesconocido, intento=1)
REVERTIDO = hecho(Payout.Revertido, motivo="error", campania="CYCLE-2026-02")
CANCELADO = hecho(Payout.Cancelado, motivo="ya no")


def procesado(intento: int = 1, processed_at: datetime | None = PROCESADO_EN) -> Any:
    return hecho(Payout.Procesado, intento=intento, processed_at=processed_at)


def confirmado(confirmation_id: str = "CONF-1", completed_at: datetime = COMPLETADO_EN) -> Any:
    datos = {"confirmation_id": confirmation_id, "completed_at": completed_at, "campania": "CYCLE-2026-02"}
    return hecho(Payout.Confirmado, **datos)


def fallido(codigo: str = "TECNICO", motivo: str = "sin línea", definitivo: bool = False) -> Any:
    datos = {"codigo": codigo, "motivo": motivo, "definitivo": definitivo}
    return hecho(Payout.Fallido, **datos, failed_at=AHORA, campania="CYCLE-2026-02")


def reintentado(intento: int) -> Any:
    return hecho(Payout.Reintentado, intento=intento)


PENDIENTE = [CREADO, COMISION]
PROCESANDO = [*PENDIENTE, procesado()]
COMPLETADO = [*PROCESANDO, confirmado()]
FALLIDO = [*PROCESANDO, fallido()]
FALLIDO_DEFINITIVO = [*PROCESANDO, fallido("FONDOS", definitivo=True), COMISION_REVERTIDA]
EN_EL_TERCER_INTENTO = [*FALLIDO, reintentado(2), procesado(2), fallido(), reintentado(3), procesado(3)]
REVERTIDO_YA = [*COMPLETADO, REVERTIDO, COMISION_REVERTIDA]
CANCELADO_YA = [*PENDIENTE, CANCELADO, COMISION_REVERTIDA]


def orden(payout_id: str = ID, **datos: Any) -> CrearPago:
    """The body of a payment; without more, one that nobody reported."""
    propios: dict[str, Any] = {"partner_id": "PARTNER001", "cycle_id": "CYCLE-2026-02"}
    propios |= {"total_amount": Decimal("1250.50"), "currency": "USD"}
    return CrearPago(payout_id, **(propios | datos))


def crear(**datos: Any) -> Payout:
    return Payout.crear(ID, Informe.de(orden(**datos), AHORA), POLITICA_VIGENTE, AHORA)


def cuantos(pagos: Pagos) -> int:
    return pagos.recorder.max_notification_id() or 0


def estado(pagos: Pagos, payout_id: str) -> Estado:
    payout = pagos.buscar(Payout, payout_id)
    assert payout is not None
    return payout.estado
