"""One stack a data folder: a lock of the system, which ends with its process however that ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.local.errores import en_carpeta


@contextmanager
def candado(carpeta: Path) -> Iterator[bool]:
    """Try to own ``carpeta`` for the length of a ``with`` block; gives False when another process does.

    Raises FallaLocal when it can't be a data folder.
    """
    with en_carpeta(carpeta):
        carpeta.mkdir(mode=0o700, parents=True, exist_ok=True)
        archivo = (carpeta / "candado").open("w")
    with archivo:
        try:
            fcntl.flock(archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
