"""What the payment processor asks."""

from datetime import datetime

from sqlalchemy import Connection, select

from projections.por_procesar.tabla import POR_PROCESAR, FilaDePorProcesar


def vencidos(con: Connection, ahora: datetime, limite: int) -> list[FilaDePorProcesar]:
    """What is due at ``ahora`` (aware), longest due first, ``limite`` at most.

    Attempts of unknown result come last: they stay due until known, and must not keep the others waiting.
    """
    tabla = POR_PROCESAR.sql
    consulta = (
        select(tabla)
        .where(tabla.c.vence_en <= ahora)
        .order_by(tabla.c.desconocido, tabla.c.vence_en, tabla.c.payout_id)
        .limit(limite)
    )
    return [FilaDePorProcesar(*fila) for fila in con.execute(consulta)]
