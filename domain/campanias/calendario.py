"""Whether a date of a campaign has come."""

from datetime import datetime


def ha_llegado(fecha: datetime | None, ahora: datetime) -> bool:
    """Whether a date (aware) has come. A date that was never set never comes."""
    return fecha is not None and fecha <= ahora
