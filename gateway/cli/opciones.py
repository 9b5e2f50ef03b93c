"""Options that several commands take."""

from datetime import datetime, time
from typing import Any

import click

from gateway.topics import MODULOS

Limite = int | datetime
"""A version or a position, or an instant (aware, UTC)."""

MODULO = click.option("--modulo", type=click.Choice(MODULOS), help="cliente, pagos o campanias.")
EN_JSON = click.option("--json", "en_json", is_flag=True, help="Escribe el resultado como JSON.")


class NumeroOInstante(click.ParamType[Any]):
    """A number, or an instant: ISO 8601, no zone is UTC. A bare date is ``dia`` of it, by default its last second."""

    name = "número|instante"

    def __init__(self, dia: time | None = None) -> None:
        self._dia = dia

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from gateway.http.esquemas.campos import FIN_DEL_DIA, a_instante

        if not isinstance(value, str):
            return value
        if value.isascii() and value.isdigit() and len(value) <= 18:
            return int(value)
        instante = a_instante(value, FIN_DEL_DIA if self._dia is None else self._dia)
        return instante or self.fail("no es un número ni un instante ISO 8601", param, ctx)


def exigir_modulo(contexto: click.Context, modulo: str | None, *limites: Limite | None) -> None:
    """Raises UsageError when a bound is a position and nobody said of which module's log."""
    if modulo is None and any(isinstance(limite, int) for limite in limites):
        raise click.UsageError("Una posición es de un módulo: indique --modulo", contexto)
