"""What can go wrong on one machine, told so that a person can put it right."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FallaLocal(Exception):
    """The local stack can't go on. Its text is Spanish and names what to do or where to look."""


@contextmanager
def en_carpeta(carpeta: Path) -> Iterator[None]:
    """Within a ``with`` block, what the system refuses about the data folder is a FallaLocal."""
    try:
        yield
    except OSError as error:
        raise FallaLocal(f"No se puede usar {carpeta} como ALPES_DIR: {error.strerror}") from None
