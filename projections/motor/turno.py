"""Whose turn it is to move a generation: a lease in the rows that every batch moves first.

A claim raises the rows' ``epoca``, which is part of the compare-and-set of each batch: whoever was the owner before,
frozen, cut off or slow, can't write any more, whatever its connection still holds.
"""

import time
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from projections.motor.seguimiento import ARRIENDO, PosicionDisputada

SONDEO = 0.2
"""Seconds between two looks of a worker that stands by."""
RENOVACION = 1.0
"""Seconds between two renewals of an owner that has nothing to store. Each batch renews as well."""

# An owner whose connection is gone needs no waiting for. Of other roles' connections only the pid is told.
_MIRAR = text(
    """
    SELECT count(*), coalesce(max(epoca), 0), bool_and(vence_en < clock_timestamp() OR NOT EXISTS (
        SELECT FROM pg_stat_activity a
        WHERE a.pid = s.dueno AND (a.backend_start IS NULL OR a.backend_start = s.dueno_desde)))
    FROM seguimiento s WHERE application_name = ANY(:nombres) AND esquema = :esquema
    """
)
# A frozen owner may hold the rows in the middle of a COPY, which no idle time-out ends.
_DESALOJAR = text(
    """
    SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN seguimiento s
    ON a.pid = s.dueno AND a.backend_start = s.dueno_desde AND a.usename = current_user
    WHERE s.application_name = ANY(:nombres) AND s.vence_en < clock_timestamp() AND a.pid <> pg_backend_pid()
    """
)
_TOMAR = text(
    f"""
    UPDATE seguimiento SET epoca = :vista + 1, dueno = pg_backend_pid(), vence_en = clock_timestamp() + {ARRIENDO},
        dueno_desde = (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())
    WHERE application_name = ANY(:nombres) AND esquema = :esquema AND epoca <= :vista
    """  # noqa: S608
)
_ORDENADAS = text("SELECT FROM seguimiento WHERE application_name = ANY(:nombres) ORDER BY application_name FOR UPDATE")
_RENOVAR = text(
    f"UPDATE seguimiento SET vence_en = clock_timestamp() + {ARRIENDO}"  # noqa: S608
    " WHERE application_name = ANY(:nombres) AND esquema = :esquema AND epoca = :epoca"
)
_SOLTAR = text(
    "UPDATE seguimiento SET vence_en = clock_timestamp(), dueno = NULL"
    " WHERE application_name = ANY(:nombres) AND epoca = :epoca"
)


class Turno:
    """One worker's claim on one generation, renewed while it works."""

    def __init__(self, seguimientos: Sequence[str], esquema: str, sesion: Session) -> None:
        """``seguimientos`` are the generation's positions; ``esquema`` is where its tables are, as far as is known."""
        self._nombres, self._esquema, self._sesion = list(seguimientos), esquema, sesion
        self._epoca: int | None = None
        self._renovado = 0.0

    def tomar(self, *, forzar: bool = False) -> int | None:
        """Claim the generation if nobody does, or ``forzar`` takes it from who does; return the claim's epoch.

        None when somebody else has it, or its tables are somewhere else by now. An owner whose claim has run out
        loses its connection too.
        """
        valores = {"nombres": self._nombres, "esquema": self._esquema}
        with self._sesion.begin():
            cuantas, vista, libre = self._sesion.execute(_MIRAR, valores).one()
        if cuantas < len(self._nombres) or not (libre or forzar):
            return None
        with self._sesion.begin() as transaccion:
            self._sesion.execute(_DESALOJAR, valores)
            self._sesion.execute(text("SET LOCAL lock_timeout = '10s'"))
            self._sesion.execute(_ORDENADAS, valores)
            tomadas = self._sesion.execute(_TOMAR, {**valores, "vista": vista})
            if tomadas.rowcount < len(self._nombres):  # type: ignore[attr-defined]
                transaccion.rollback()
                return None
        self._epoca, self._renovado = vista + 1, time.monotonic()
        return self._epoca

    def renovar(self) -> None:
        """Keep the claim. Raises PosicionDisputada when it was lost, or the tables were moved."""
        if time.monotonic() - self._renovado < RENOVACION:
            return
        with self._sesion.begin():
            valores = {"nombres": self._nombres, "esquema": self._esquema, "epoca": self._epoca}
            renovadas = self._sesion.execute(_RENOVAR, valores)
        if renovadas.rowcount < len(self._nombres):  # type: ignore[attr-defined]
            raise PosicionDisputada(", ".join(self._nombres))
        self._renovado = time.monotonic()

    def soltar(self) -> None:
        """Let others have it at once."""
        with self._sesion.begin():
            self._sesion.execute(_SOLTAR, {"nombres": self._nombres, "epoca": self._epoca})
