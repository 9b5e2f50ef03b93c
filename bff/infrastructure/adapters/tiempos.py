"""Times as the BFF shows them: aware, in UTC, to the second."""

from datetime import UTC, datetime


def al_segundo(instante: datetime) -> datetime:
    """A time as the BFF shows it: UTC, to the second."""
    return instante.astimezone(UTC).replace(microsecond=0)


def al_segundo_o_nada(instante: datetime | None) -> datetime | None:
    """The same, for a time that may be unknown."""
    return None if instante is None else al_segundo(instante)


def utc(instante: datetime) -> datetime:
    """A time as the core tells it, which is UTC when it doesn't say."""
    return al_segundo(instante.replace(tzinfo=UTC) if instante.tzinfo is None else instante)


def utc_o_nada(instante: datetime | None) -> datetime | None:
    """The same, for a time that may be unknown."""
    return None if instante is None else utc(instante)
