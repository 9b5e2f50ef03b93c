"""The switch: one generation's tables go out of ``public`` and another's come in, and no reader notices.

Both stand at the same positions, stored before anything is moved. A reader whose snapshot is older than that could see
the incoming tables as they were before: the switch waits until there is none. Names are plain names all the time.
"""

# ruff: noqa: S608  # names of schemas, tables and generations come from the code's own declarations

import logging
import time
from collections.abc import Callable, Mapping

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from projections.motor.conexion import NOMBRE, conexion_propia
from projections.motor.generaciones import ACTIVA, GUARDADA, PUBLICO, Generacion, tablas_que_hay
from projections.motor.quietud import TurnoAgotado
from projections.motor.seguimiento import Seguimiento

BLOQUEO = "30ms"
"""How long the switch waits for readers that hold the tables, and makes others wait behind it, at each try."""
PRIMERA_PACIENCIA, PACIENCIA_MAXIMA = 0.1, 2.0
"""Seconds for which, at each try, the followers stand still until readers with an older snapshot have ended: doubled
each time, up to the second, so that short transactions that follow upon each other don't keep the switch away."""
PRIMERA_PAUSA, PAUSA_MAXIMA = 0.05, 1.0
"""Seconds between two tries: doubled each time, up to the second."""
AVISO_CADA = 10.0
"""Seconds after which it is told again for whom the switch waits."""

_REINTENTABLES = {"55P03", "57014", "40P01", "25P03"}
"""Time-outs of locks, statements and idleness, and a deadlock with a reader."""
_bitacora = logging.getLogger(__name__)

# A follower that waits for our own lock reads nothing, and neither do other followers what is switched here.
_ANTERIORES = text(
    """
    SELECT pid FROM pg_stat_activity a
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
      AND backend_xmin IS NOT NULL AND xact_start < :desde AND application_name <> :nombre
      AND NOT pg_backend_pid() = ANY(pg_blocking_pids(pid))
    """
)
# As what goes says it, to the letter: also what was revoked from who may still read what comes.
_PERMISOS = text(
    """
    WITH permisos AS (
        SELECT oid AS tabla, NULL AS columna, relowner AS dueno, p.* FROM pg_class, aclexplode(relacl) p
        UNION ALL
        SELECT attrelid, attname, relowner, p.*
        FROM pg_attribute JOIN pg_class c ON c.oid = attrelid, aclexplode(attacl) p WHERE NOT attisdropped
    ), dichos AS (
        SELECT *, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS quien
        FROM permisos WHERE grantee <> dueno
    ), pares AS (
        SELECT s.oid AS sale, e.oid AS entra FROM pg_class s JOIN pg_class e USING (relname)
        WHERE s.relnamespace = 'public'::regnamespace AND e.relnamespace = to_regnamespace(:esquema)
          AND relname = ANY(:tablas)
    ), quitar AS (
        SELECT DISTINCT format('REVOKE ALL ON %s FROM %s CASCADE', CAST(entra AS regclass), quien) AS orden
        FROM pares JOIN dichos ON tabla = entra
    ), dar AS (
        SELECT format('GRANT %s%s ON %s TO %s%s', privilege_type, ' (' || quote_ident(columna) || ')',
                      CAST(entra AS regclass), quien, CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END) AS orden
        FROM pares JOIN dichos ON tabla = sale
        WHERE columna IS NULL
           OR EXISTS (SELECT FROM pg_attribute WHERE attrelid = entra AND attname = columna AND NOT attisdropped)
    )
    SELECT orden FROM quitar UNION ALL SELECT orden FROM dar ORDER BY orden DESC -- R before G
    """
)

Igualar = Callable[[Mapping[str, int]], None]
"""Brings the incoming generation to these positions, by application, and commits. May raise TurnoAgotado."""


class GeneracionMovida(RuntimeError):
    """Somebody else switched or discarded one of the two generations meanwhile."""


def cambiar(
    motor: Engine, sale: Generacion, entra: Generacion, igualar: Igualar, esperando: Callable[[], None] = lambda: None
) -> None:
    """Put ``entra`` in the place of ``sale``, which is kept. Tries until readers leave room; they see no error.

    ``igualar`` is called while ``sale`` stands still; ``esperando`` between two tries, and may raise to give up.
    Raises GeneracionMovida, and what ``igualar`` raises.
    """
    pausa, paciencia, desde, dicho = PRIMERA_PAUSA, PRIMERA_PACIENCIA, time.monotonic(), time.monotonic()
    while (ocupantes := _intentar(motor, sale, entra, igualar, paciencia)) is not None:
        if time.monotonic() - dicho > AVISO_CADA:
            dicho = time.monotonic()
            lapso = dicho - desde
            _bitacora.warning("%s: el cambio espera hace %.0f s a los procesos %s", sale.proyeccion, lapso, ocupantes)
        esperando()
        time.sleep(pausa)
        pausa, paciencia = min(pausa * 2, PAUSA_MAXIMA), min(paciencia * 2, PACIENCIA_MAXIMA)
    _bitacora.info("%s está en lugar de %s", entra, sale)


def _intentar(
    motor: Engine, sale: Generacion, entra: Generacion, igualar: Igualar, paciencia: float
) -> list[int] | None:
    """One try. None when it was done; else the pids of who was in the way, as far as known."""
    try:
        with conexion_propia(motor, PUBLICO) as conexion, Session(conexion) as sesion, sesion.begin():
            # A lost switch would show old tables with positions that say otherwise.
            sesion.execute(text("SET LOCAL synchronous_commit = on"))
            sesion.execute(text("SET LOCAL lock_timeout = '2s'"))
            detenidas = Seguimiento(motor).cercar(sesion, sale.seguimientos)
            igualar({nombre.rsplit(":", 1)[1]: posicion for nombre, posicion in detenidas.items()})
            ocupantes = _anteriores(sesion, paciencia)
            if ocupantes:
                sesion.rollback()
                return ocupantes
            Seguimiento(motor).cercar(sesion, entra.seguimientos)
            _exigir_quietas(sesion, sale, entra)
            _mudar(sesion.connection(), sale, entra)
    except TurnoAgotado:
        return []
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _REINTENTABLES:
            return []
        raise
    return None


def _anteriores(sesion: Session, paciencia: float) -> list[int]:
    """Readers whose snapshot may be older than now, after having waited for them a little."""
    limite = time.monotonic() + paciencia
    desde = sesion.scalar(text("SELECT clock_timestamp()"))
    while True:
        ocupantes = list(sesion.scalars(_ANTERIORES, {"desde": desde, "nombre": NOMBRE}))
        if not ocupantes or time.monotonic() > limite:
            return ocupantes
        time.sleep(0.002)
        # What pg_stat_activity told is kept until the transaction ends, unless it is asked to forget.
        sesion.execute(text("SELECT pg_stat_clear_snapshot()"))


def _exigir_quietas(sesion: Session, sale: Generacion, entra: Generacion) -> None:
    consulta = text(
        "SELECT count(*) FROM generaciones g WHERE proyeccion = :proyeccion"
        " AND ((numero = :sale AND estado = 'activa') OR (numero = :entra AND esquema = :esquema))"
    )
    valores = {"proyeccion": sale.proyeccion, "sale": sale.numero, "entra": entra.numero, "esquema": entra.esquema}
    if sesion.scalar(consulta, valores) != 2:
        raise GeneracionMovida(f"{sale} o {entra} ya no está donde estaba")


def _mudar(conexion: Connection, sale: Generacion, entra: Generacion) -> None:
    """All locks first, in one fixed order and within one time-out: from then on nobody is waited for.

    In one message, so that this process may be stopped at any point without keeping readers waiting.
    """
    conexion.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {sale.esquema_propio}")
    # A table that somebody dropped by hand doesn't keep its successor away.
    salen = tablas_que_hay(conexion, sale)
    permisos = conexion.scalars(_PERMISOS, {"esquema": entra.esquema, "tablas": list(entra.tablas)})
    entran = sorted(f"{entra.esquema}.{tabla}" for tabla in entra.tablas)
    ordenes = [
        "SET LOCAL idle_in_transaction_session_timeout = '1s'",
        f"SET LOCAL statement_timeout = '{BLOQUEO}'",
        f"LOCK TABLE {', '.join((*salen, *entran))} IN ACCESS EXCLUSIVE MODE",
        "SET LOCAL statement_timeout = '5s'",
        *permisos,
        *(f"ALTER TABLE {tabla} SET SCHEMA {sale.esquema_propio}" for tabla in salen),
        *(f"ALTER TABLE {tabla} SET SCHEMA {PUBLICO}" for tabla in entran),
        *_anotaciones(sale, sale.esquema_propio, GUARDADA),
        *_anotaciones(entra, PUBLICO, ACTIVA),
    ]
    conexion.exec_driver_sql("; ".join(ordenes), execution_options={"no_parameters": True})


def _anotaciones(una: Generacion, esquema: str, estado: str) -> tuple[str, ...]:
    nombres = ", ".join(f"'{nombre}'" for nombre in una.seguimientos)
    activada = ", activada_en = clock_timestamp()" if estado == ACTIVA else ""
    return (
        f"UPDATE seguimiento SET esquema = '{esquema}' WHERE application_name IN ({nombres})",
        f"UPDATE generaciones SET esquema = '{esquema}', estado = '{estado}'{activada}"
        f" WHERE proyeccion = '{una.proyeccion}' AND numero = {una.numero}",
    )
