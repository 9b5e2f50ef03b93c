"""What a date must be. Datetimes are aware, UTC; the present is always an argument."""

from datetime import UTC, datetime, timedelta

from domain.base.errores import ReglaRota

ADELANTO_ADMITIDO = timedelta(minutes=5)
PRIMER_NACIMIENTO = datetime(1900, 1, 1, tzinfo=UTC)


class FechaEnElFuturo(ReglaRota):
    codigo = "FECHA_EN_EL_FUTURO"

    def __init__(self, campo: str) -> None:
        super().__init__(f"{campo} no puede estar en el futuro")


class NacimientoFueraDeRango(ReglaRota):
    codigo = "NACIMIENTO_FUERA_DE_RANGO"
    mensaje = "fecha_nacimiento debe ser pasada y no anterior a 1900"


class CompletadoAntesDeProcesado(ReglaRota):
    codigo = "COMPLETADO_ANTES_DE_PROCESADO"
    mensaje = "completed_at no puede ser anterior a processed_at"


def nacimiento(fecha: datetime, ahora: datetime) -> datetime:
    """A date of birth. Raises NacimientoFueraDeRango."""
    if not PRIMER_NACIMIENTO <= fecha < ahora:
        raise NacimientoFueraDeRango
    return fecha


def exigir_no_futura(fecha: datetime | None, campo: str, ahora: datetime) -> None:
    """Clocks differ, by five minutes at most. Raises FechaEnElFuturo."""
    if fecha is not None and fecha > ahora + ADELANTO_ADMITIDO:
        raise FechaEnElFuturo(campo)


def exigir_orden(procesado: datetime | None, completado: datetime | None) -> None:
    """Compared at whole seconds, since many senders cut the rest. Raises CompletadoAntesDeProcesado."""
    if procesado is None or completado is None:
        return
    if completado.replace(microsecond=0) < procesado.replace(microsecond=0):
        raise CompletadoAntesDeProcesado
