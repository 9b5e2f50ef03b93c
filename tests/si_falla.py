"""What a process of its own said, when a test fails that started it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def si_falla(registro: Path) -> Iterator[None]:
    """Show what stands in ``registro`` beside the failure of the block."""
    try:
        yield
    except BaseException as falla:
        falla.add_note(f"{registro.name}:\n{registro.read_text(errors='replace')}")
        raise
