"""The key that hashes reservations, known again by its fingerprint."""

import hashlib
import hmac

from gateway.eventos.datastore import Datastore

# The update changes nothing: it is what makes the row come back, whoever wrote it.
_RECORDAR = (
    "INSERT INTO public.llave_de_unicidad AS l (huella) VALUES (%s)"
    " ON CONFLICT (unica) DO UPDATE SET huella = l.huella RETURNING huella"
)


class LlaveDeUnicidadEquivocada(RuntimeError):
    """The reservations of this database were named with another key."""


def comprobar(datastore: Datastore, llave: bytes) -> None:
    """Remember ``llave`` the first time; refuse another one ever after, since with it what is taken would look free.

    Raises LlaveDeUnicidadEquivocada, and eventsourcing's OperationalError when the database can't be reached.
    """
    huella = hmac.new(llave, b"LLAVE_UNICIDAD", hashlib.sha256).digest()
    ((recordada,),) = datastore.filas(_RECORDAR, (huella,))
    if recordada != huella:
        raise LlaveDeUnicidadEquivocada("LLAVE_UNICIDAD no es la de esta base: con otra, lo registrado parecería libre")
