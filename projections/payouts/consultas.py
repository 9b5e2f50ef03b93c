"""What is asked about payouts."""

from sqlalchemy import Connection, select

from projections.payouts.tabla import PAYOUTS, FilaDePayout


def payout(con: Connection, id: str) -> FilaDePayout | None:
    """A payout, or None when its creation has not arrived here."""
    fila = con.execute(select(PAYOUTS.sql).where(PAYOUTS.sql.c.id == id)).one_or_none()
    return None if fila is None else FilaDePayout(*fila)
