"""A stream as it was known at an instant of recording, as the core's audit trail tells it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from bff.application.ports.peticion import Peticion
from bff.domain.exceptions import NoEncontrado
from bff.domain.models.auditoria import Hecho
from bff.infrastructure.adapters.core import Core
from bff.infrastructure.adapters.tiempos import utc


class _Evento(msgspec.Struct):
    version: int
    tipo: str
    timestamp: datetime
    datos: dict[str, Any]


class _Auditoria(msgspec.Struct):
    eventos: list[_Evento]
    estado: dict[str, Any]


@dataclass(frozen=True)
class Historia:
    """``hechos`` in order, and the ``estado`` that they left; ``version`` is that of the last one."""

    hechos: tuple[Hecho, ...]
    estado: dict[str, Any]

    @property
    def version(self) -> int:
        return self.hechos[-1].version

    @classmethod
    async def pedir(cls, core: Core, modulo: str, id: str, hasta: str, peticion: Peticion) -> "Historia":
        """Ask for it. Raises NoEncontrado, Rechazado, FallaDeServicio."""
        crudo = await core.consultar(f"/auditoria/{core.parte(id)}", peticion, {"modulo": modulo, "hasta": hasta})
        dicha = core.exigir(crudo, _Auditoria)
        if not dicha.eventos:
            raise NoEncontrado
        hechos = tuple(Hecho(uno.version, uno.tipo, utc(uno.timestamp), uno.datos) for uno in dicha.eventos)
        return cls(hechos, dicha.estado)
