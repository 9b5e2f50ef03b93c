"""The inbox: a message that came in acts once, however often it is delivered."""

from collections.abc import Collection
from dataclasses import dataclass

from gateway.eventos.datastore import Datastore

RESTRICCION = "buzon_pk"
"""The constraint whose violation means that a message was counted before."""


@dataclass(frozen=True, slots=True)
class Contados:
    """Messages of one consumer, by their keys, to be counted in the transaction of what they led to.

    Give it as ``Contexto(adjuntos={"buzon": Contados(…)})``.
    """

    consumidor: str
    claves: tuple[str, ...]


def ya_contados(datastore: Datastore, consumidor: str, claves: Collection[str]) -> set[str]:
    """Those of ``claves`` that were counted. Raises OperationalError when the database can't be reached."""
    return {clave for (clave,) in datastore.filas(_BUSCAR, (consumidor, list(claves)))} if claves else set()


_BUSCAR = "SELECT clave FROM public.buzon WHERE consumidor = %s AND clave = ANY(%s)"
