"""How far the relays have come: what they store, and who else may look."""

from typing import Any

from sqlalchemy import text

from gateway.composicion import Sistema
from gateway.eventos.log import logs_de
from projections.motor.generaciones import seguimiento_de
from projections.motor.retraso import AL_DIA, QUIETUD, SIN_AVANZAR, edad_del_siguiente

ESQUEMA = "relevo"
"""Stands where the positions of read models name the schema of their tables: nobody takes one for the other."""
ATRASADO, SIN_RELEVO = "atrasado", "sin relevo"
# What can't go on lets go of its turn between two tries.
_POSICIONES = text(
    """
    SELECT application_name, notification_id AS posicion, aviso,
        vence_en + CASE WHEN aviso IS NULL THEN interval '0' ELSE interval '30 s' END > clock_timestamp() AS atendido,
        CAST(extract(epoch FROM clock_timestamp() - movido_en) AS double precision) AS quieto
    FROM seguimiento WHERE esquema = :esquema
    """
)
AVISAR = text(
    "UPDATE seguimiento SET aviso = :aviso"
    " WHERE application_name = :fila AND epoca = :epoca AND aviso IS DISTINCT FROM :aviso"
)


def seguimiento_de_relevo(modulo: str) -> str:
    """The name under which the position of a module's relay is kept."""
    return seguimiento_de("relevo", 0, modulo)


def relevos(sistema: Sistema) -> list[dict[str, Any]]:
    """One row a module whose events were ever relayed: where it stands, the log's head, how far behind it is, and
    in ``aviso`` what stops it, if anything does.

    Raises DBAPIError or eventsourcing's OperationalError without a database.
    """
    with sistema.motor.connect() as conexion:
        vistas = {fila.application_name: fila for fila in conexion.execute(_POSICIONES, {"esquema": ESQUEMA})}
    filas, logs = [], logs_de(sistema.aplicaciones)
    for aplicacion, log in logs.items():
        modulo = sistema.aplicaciones[aplicacion].modulo
        vista = vistas.get(seguimiento_de_relevo(modulo))
        if vista is None:
            continue
        cabeza = max(log.cabeza(), vista.posicion)
        hay, segundos = edad_del_siguiente(log, vista.posicion, sistema.reloj())
        filas.append(
            {
                "nombre": f"relevo:{modulo}",
                "posicion": vista.posicion,
                "cabeza": cabeza,
                "retraso_eventos": cabeza - vista.posicion,
                "retraso_segundos": segundos,
                "estado": _estado(hay, segundos, vista.aviso, vista.atendido, vista.quieto),
                "modulo": modulo,
                "aviso": vista.aviso,
            }
        )
    return filas


def _estado(hay: bool, segundos: float | None, aviso: str | None, atendido: bool, quieto: float) -> str:
    if not hay and aviso is None:
        return AL_DIA
    if not atendido:
        return SIN_RELEVO
    if aviso is not None:
        return SIN_AVANZAR
    return SIN_AVANZAR if (segundos is None or segundos > QUIETUD) and quieto > QUIETUD else ATRASADO
