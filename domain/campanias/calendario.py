"""When the dates of a campaign begin and end."""

from datetime import UTC, date, datetime, time

ULTIMO_SEGUNDO = time(23, 59, 59, tzinfo=UTC)


def fin_del_dia(dia: date) -> datetime:
    """The instant at which a bare ``fecha_fin`` ends: 23:59:59 UTC of that day."""
    return datetime.combine(dia, ULTIMO_SEGUNDO)


def ha_llegado(fecha: datetime | None, ahora: datetime) -> bool:
    """Whether a date (aware) has come. A date that was never set never comes."""
    return fecha is not None and fecha <= ahora
