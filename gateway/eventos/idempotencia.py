"""Idempotency keys: a command that was accepted once answers the same when it is sent again."""

# ruff: noqa: S608 - what is put into these statements is a constant of this file

from dataclasses import dataclass

from gateway.eventos.datastore import Datastore

RESTRICCION = "idempotencia_pk"
"""The constraint whose violation means that the key was used."""
VIGENCIA = "7 days"


@dataclass(frozen=True, slots=True)
class Clave:
    """An idempotency key to be stored in the transaction of what its command decides.

    Give it as ``Contexto(adjuntos={"idempotencia": Clave(…)})``. ``actor`` and ``ruta`` are whose key it is and for
    what; ``huella`` is a keyed hash of the parsed body, which tells the same request from another one.
    """

    actor: str
    ruta: str
    clave: str
    huella: bytes


@dataclass(frozen=True, slots=True)
class Uso:
    """What a key's command was answered: the aggregate, its version, and its position in the module's log."""

    huella: bytes
    agregado_id: str
    version: int
    posicion: int


def buscar_uso(datastore: Datastore, actor: str, ruta: str, clave: str) -> Uso | None:
    """How a key was used in the last seven days, or None.

    An older use is forgotten here, so that the key may be used anew. Raises OperationalError when the database can't be
    reached.
    """
    for huella, agregado_id, version, posicion, vencido in datastore.filas(_BUSCAR, (actor, ruta, clave)):
        if not vencido:
            return Uso(huella, agregado_id, version, posicion)
        datastore.filas(_OLVIDAR, (actor, ruta, clave))
    return None


VENCIDO = f"creado < now() - interval '{VIGENCIA}'"
_BUSCAR = (
    f"SELECT huella, agregado_id, version, posicion, {VENCIDO} FROM public.idempotencia"
    " WHERE actor = %s AND ruta = %s AND clave = %s"
)
_OLVIDAR = (
    f"DELETE FROM public.idempotencia WHERE actor = %s AND ruta = %s AND clave = %s AND {VENCIDO} RETURNING clave"
)
