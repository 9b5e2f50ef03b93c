"""What is asked about clients."""

from decimal import Decimal

from sqlalchemy import Connection, select, text

from projections.clientes.tabla import CLIENTES, FilaDeCliente

_TOTALES = text("SELECT moneda, monto FROM clientes_totales WHERE cliente_id = :id ORDER BY moneda")

_VINCULADOS = text("SELECT payout_id FROM clientes_vinculos WHERE cliente_id = :id ORDER BY payout_id")


def cliente(con: Connection, id: str) -> FilaDeCliente | None:
    """A client, or None when the registration has not arrived here."""
    fila = con.execute(select(CLIENTES.sql).where(CLIENTES.sql.c.id == id)).one_or_none()
    return None if fila is None else FilaDeCliente(*fila)


def totales_por_moneda(con: Connection, id: str) -> dict[str, Decimal]:
    """What a client was paid and not asked back, in major units, by currency."""
    return {fila.moneda: fila.monto for fila in con.execute(_TOTALES, {"id": id})}


def vinculados(con: Connection, id: str) -> list[str]:
    """Ids of the payouts, in any state, that count for a client."""
    return list(con.scalars(_VINCULADOS, {"id": id}))
