"""Counts of requests that all processes of one server share: a file in memory, under a lock of the system's own."""

import fcntl
import hashlib
import mmap
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import floor
from pathlib import Path
from struct import Struct

from limits.storage.base import SlidingWindowCounterSupport, Storage

CASILLAS, VECINAS = 16384, 8
_CASILLA = Struct("<16sQQQd")
"""Whose; the window's number, its count and that of the one before; when none of it matters any more."""
TAMANO = CASILLAS * _CASILLA.size
VACIA = b"\0" * 16


class Contadores(Storage, SlidingWindowCounterSupport):
    """A storage for ``limits``' sliding windows. Of a file when told one, else of this process alone.

    A table of fixed size: where more callers than fit are active at once, those whose counts are the oldest begin
    anew.
    """

    STORAGE_SCHEME = None

    def __init__(self, archivo: Path | None = None) -> None:
        super().__init__()
        self._turno = threading.Lock()
        self._descriptor = -1
        if archivo is not None:
            self._descriptor = os.open(archivo, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            os.ftruncate(self._descriptor, TAMANO)
        self._memoria = mmap.mmap(self._descriptor, TAMANO)

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        ahora = time.time()
        with self._a_solas():
            lugar, marca, ventana, actual, previa = self._leer(key, expiry, ahora)
            resto = 1 - ahora / expiry % 1
            if floor(previa * resto + actual) + amount > limit:
                return False
            _CASILLA.pack_into(
                self._memoria, lugar, marca, ventana, actual + amount, previa, (ventana + 2) * float(expiry)
            )
            return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        ahora = time.time()
        with self._a_solas():
            *_, actual, previa = self._leer(key, expiry, ahora)
        resto = (1 - ahora / expiry % 1) * expiry
        return previa, resto, actual, resto + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        with self._a_solas():
            lugar, *_ = self._leer(key, expiry, time.time())
            _CASILLA.pack_into(self._memoria, lugar, VACIA, 0, 0, 0, 0.0)

    def _leer(self, key: str, expiry: int, ahora: float) -> tuple[int, bytes, int, int, int]:
        """Where a caller's counts stand or may stand, its mark, this window's number, and both counts."""
        marca = hashlib.blake2b(f"{key}/{expiry}".encode(), digest_size=16).digest()
        ventana = int(ahora / expiry)
        primera = int.from_bytes(marca[:4], "little") % CASILLAS
        libre, edad = 0, float("inf")
        for paso in range(VECINAS):
            lugar = (primera + paso) % CASILLAS * _CASILLA.size
            duenia, contada, actual, previa, hasta = _CASILLA.unpack_from(self._memoria, lugar)
            if duenia == marca:
                if contada == ventana:
                    return lugar, marca, ventana, actual, previa
                return lugar, marca, ventana, 0, actual if contada == ventana - 1 else 0
            caduca = hasta if hasta > ahora else 0.0
            if caduca < edad:
                libre, edad = lugar, caduca
        return libre, marca, ventana, 0, 0

    @contextmanager
    def _a_solas(self) -> Iterator[None]:
        with self._turno:
            if self._descriptor < 0:
                yield
                return
            # The system lets go of it when its process dies.
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    @property
    def base_exceptions(self) -> type[Exception]:
        return OSError

    def check(self) -> bool:
        return True

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError("solo ventanas deslizantes")

    def get(self, key: str) -> int:
        raise NotImplementedError("solo ventanas deslizantes")

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError("solo ventanas deslizantes")

    def reset(self) -> int | None:
        raise NotImplementedError("solo ventanas deslizantes")

    def clear(self, key: str) -> None:
        raise NotImplementedError("solo ventanas deslizantes")
