"""What commands need to work on read models."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gateway.composicion import Sistema
    from projections.motor.conduccion import Taller
    from projections.motor.marcha import Aviso


def taller_de(sistema: "Sistema", avance: "Aviso", freno: Callable[[], None] = lambda: None) -> "Taller":
    """The system's read models, logs and database, with somebody to tell how far it is."""
    from gateway.eventos.log import logs_de
    from projections.motor.conduccion import Taller
    from projections.registro import PROYECCIONES

    return Taller(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor, avance, freno)


def elegidas(nombre: str | None) -> list[str]:
    """The read model of that name, or all. Raises click.UsageError when there is none."""
    from projections.registro import PROYECCIONES

    nombres = list(dict.fromkeys(una.nombre for una in PROYECCIONES))
    if nombre is None:
        return nombres
    if nombre not in nombres:
        raise click.UsageError(f"No existe la proyección «{nombre}»: es una de {', '.join(nombres)}")
    return [nombre]
