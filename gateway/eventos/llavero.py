"""The keys of persons: one each, kept wrapped, destroyed to forget.

Nothing is cached: a key that is destroyed is gone for the next batch and the next request.
"""

import os
from collections.abc import Collection

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import IntegrityError

from gateway.eventos.datastore import Datastore

LARGO, NONCE = 32, 12
"""Bytes of a key, and of what makes each use of it another."""


class SujetoOlvidado(IntegrityError):
    """Personal data was to be stored of a person whose key was destroyed.

    An IntegrityError: another writer was first, and the command is to be decided again on what is true now.
    """


class LlaveMaestraEquivocada(RuntimeError):
    """The keys in this database were wrapped with another master key."""


class Llavero:
    """Keys of persons in ``claves``, wrapped with ``maestra`` (32 bytes)."""

    def __init__(self, datastore: Datastore, maestra: bytes) -> None:
        self._datastore = datastore
        self._maestra = AESGCM(maestra)

    def comprobar(self) -> None:
        """Open one of the stored keys, if there is any. Raises LlaveMaestraEquivocada.

        A process with another master key would write what nobody else can read, and so stop those who read on.
        """
        for sujeto, envuelta in self._datastore.filas(_UNA):
            self._desenvolver(sujeto, envuelta)

    def claves(self, sujetos: Collection[str]) -> dict[str, AESGCM | None]:
        """Keys of those of ``sujetos`` that ever had one, in one query; None for a destroyed one.

        Raises LlaveMaestraEquivocada.
        """
        if not sujetos:
            return {}
        filas = self._datastore.filas(_BUSCAR, (list(sujetos),))
        return {
            sujeto: None if envuelta is None else AESGCM(self._desenvolver(sujeto, envuelta))
            for sujeto, envuelta in filas
        }

    def nueva(self, sujeto: str) -> tuple[AESGCM, bytes]:
        """A new key, and its wrapped form, to be stored in the transaction of what it seals."""
        # One call to the system for the key and for its nonce.
        azar = os.urandom(LARGO + NONCE)
        clave, nonce = azar[:LARGO], azar[LARGO:]
        return AESGCM(clave), nonce + self._maestra.encrypt(nonce, clave, sujeto.encode())

    def reenvolver(self, nueva: bytes) -> int:
        """Wrap every key anew with ``nueva`` (32 bytes), in one transaction. Returns how many.

        Run it while no process works on this database: one that still holds the old master key can open nothing
        afterwards, and would wrap new keys with it. Raises LlaveMaestraEquivocada.
        """
        maestra = AESGCM(nueva)
        with self._datastore.transaction(commit=True) as cursor:
            cursor.execute("LOCK TABLE public.claves IN SHARE ROW EXCLUSIVE MODE")
            filas = cursor.execute("SELECT sujeto, clave FROM public.claves WHERE clave IS NOT NULL").fetchall()
            envueltas = [(self._envolver(maestra, **fila), fila["sujeto"]) for fila in filas]
            cursor.executemany("UPDATE public.claves SET clave = %s WHERE sujeto = %s", envueltas)
        self._maestra = maestra
        return len(filas)

    def _envolver(self, maestra: AESGCM, sujeto: str, clave: bytes) -> bytes:
        return sellar(maestra, self._desenvolver(sujeto, clave), sujeto.encode())

    def _desenvolver(self, sujeto: str, envuelta: bytes) -> bytes:
        try:
            return abrir(self._maestra, envuelta, sujeto.encode())
        except InvalidTag:
            raise LlaveMaestraEquivocada(
                "LLAVE_MAESTRA no es la que envolvió las claves de esta base. Si su cambio quedó a medias, repítalo:"
                " alpes llaves maestra"
            ) from None


def sellar(clave: AESGCM, claro: bytes, ligado: bytes) -> bytes:
    """Encrypt ``claro`` so that it opens only together with ``ligado``. The nonce comes first."""
    nonce = os.urandom(NONCE)
    return nonce + clave.encrypt(nonce, claro, ligado)


def abrir(clave: AESGCM, sellado: bytes, ligado: bytes) -> bytes:
    """Decrypt what ``sellar`` made. Raises cryptography's InvalidTag when anything was changed or moved."""
    return clave.decrypt(sellado[:NONCE], sellado[NONCE:], ligado)


_UNA = "SELECT sujeto, clave FROM public.claves WHERE clave IS NOT NULL LIMIT 1"
_BUSCAR = "SELECT sujeto, clave FROM public.claves WHERE sujeto = ANY(%s)"
