"""What is asked about campaigns."""

from datetime import datetime

from sqlalchemy import Connection, select, text

from projections.campanias.tabla import CAMPANIAS, FilaDeCampania

_VENCIDAS = text(
    "SELECT id FROM campanias WHERE estado = 'APROBADA' AND fecha_inicio <= :ahora"
    " UNION SELECT id FROM campanias WHERE estado IN ('APROBADA', 'ACTIVA', 'PAUSADA') AND fecha_fin <= :ahora"
)


def campania(con: Connection, id: str) -> FilaDeCampania | None:
    """A campaign, or None when its creation has not arrived here."""
    fila = con.execute(select(CAMPANIAS.sql).where(CAMPANIAS.sql.c.id == id)).one_or_none()
    return None if fila is None else FilaDeCampania(*fila)


def con_fecha_vencida(con: Connection, ahora: datetime) -> list[str]:
    """Ids of the campaigns that the clock should look at: one of their dates (aware) has come by ``ahora``."""
    return list(con.scalars(_VENCIDAS, {"ahora": ahora}))
