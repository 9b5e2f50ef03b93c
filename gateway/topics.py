"""The names of our topics on the broker: one of events and one of commands for each module."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

MODULOS = ("cliente", "pagos", "campanias")
"""The modules under the names by which the outside knows them."""
CLASES = ("eventos", "comandos")
_PARTE = r"[\w.=:%-]+"
_NOMBRE = re.compile(rf"(?:persistent://)?(?:({_PARTE})/({_PARTE})/)?({_PARTE})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Topics:
    """Full names, keyed by module: ``eventos["pagos"]`` is ``persistent://public/default/eventos.pagos``."""

    eventos: Mapping[str, str] = field(default_factory=lambda: _por_defecto("eventos"))
    comandos: Mapping[str, str] = field(default_factory=lambda: _por_defecto("comandos"))

    @classmethod
    def con_prefijo(cls, prefijo: str) -> Self:
        """Topics of their own for one stack among several on a broker: ``{prefijo}.eventos.pagos``…"""
        return cls(*({m: completo(f"{prefijo}.{clase}.{m}") for m in MODULOS} for clase in CLASES))

    def todos(self) -> dict[str, str]:
        """Each full name under that of the variable that overrides it: ``TOPIC_EVENTOS_PAGOS``."""
        por_clase = zip(CLASES, (self.eventos, self.comandos), strict=True)
        return {variable(clase, modulo): nombre for clase, de in por_clase for modulo, nombre in de.items()}


def variable(clase: str, modulo: str) -> str:
    return f"TOPIC_{clase}_{modulo}".upper()


def completo(nombre: str) -> str:
    """``nombre`` with the parts that it leaves out: ``a`` or ``tenant/namespace/a``. Raises ValueError."""
    partes = _NOMBRE.fullmatch(nombre)
    if partes is None or (nombre.startswith("persistent://") and partes[1] is None):
        raise ValueError("debe ser el nombre de un topic persistente: nombre, o tenant/namespace/nombre")
    return f"persistent://{partes[1] or 'public'}/{partes[2] or 'default'}/{partes[3]}"


def _por_defecto(clase: str) -> dict[str, str]:
    return {modulo: completo(f"{clase}.{modulo}") for modulo in MODULOS}
