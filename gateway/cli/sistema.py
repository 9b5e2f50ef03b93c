"""The system that a command works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gateway.cli.fallas import explicadas
from gateway.config import leer
from gateway.local.base import comprobar, con_base

if TYPE_CHECKING:
    from gateway.composicion import Sistema


@contextmanager
def sistema_de_ordenes() -> "Iterator[Sistema]":
    """The system over this machine's database for the length of a ``with`` block.

    Raises FallaLocal and ConfiguracionInvalida, which say what to do.
    """
    from gateway.bitacora import en_errores
    from gateway.composicion import construir

    with en_errores(), explicadas(), con_base(leer()) as config:
        comprobar(str(config.db_url))
        with construir(config, conexiones=4) as sistema:
            yield sistema
