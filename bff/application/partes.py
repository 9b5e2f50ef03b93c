"""A page made of several services' parts: asked for at once, each missed on its own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bff.domain.exceptions import AunNoLlega, FallaDeServicio, NoEncontrado, ServicioLento

T = TypeVar("T")
PACIENCIA_POR_LLEGAR = 2.0
"""Seconds that a page waits for what was accepted and isn't there yet."""
PASO = 0.02


class Partes:
    """The parts of one page. ``notas`` say which failed, and why; a page all of whose parts failed, fails."""

    def __init__(self, segundos: float) -> None:
        """``segundos``: how long a part may take, so that a slow one doesn't take the page with it."""
        self._segundos = segundos
        self._pedidas = 0
        self._fallas: list[FallaDeServicio] = []
        self.notas: dict[str, str] = {}

    async def pedir(self, nombre: str, parte: Awaitable[T], si_falta: T) -> T:
        """A part, or ``si_falta`` and a note."""
        self._pedidas += 1
        try:
            async with asyncio.timeout(self._segundos):
                return await parte
        except TimeoutError:
            falla: FallaDeServicio = ServicioLento(nombre)
        except FallaDeServicio as error:
            falla = error
        self._fallas.append(falla)
        self.notas[nombre] = falla.nota
        return si_falta

    def exigir_alguna(self) -> None:
        """Raises FallaDeServicio when there is none."""
        if self._fallas and len(self._fallas) == self._pedidas:
            raise self._fallas[0]


async def hallar(leer: Callable[[], Awaitable[T | None]], existe: Callable[[], Awaitable[bool]]) -> T:
    """What ``leer`` gives, waiting a while for what exists and isn't there yet.

    Raises NoEncontrado for what never was, AunNoLlega when it takes too long.
    """
    hallado = await leer()
    if hallado is not None:
        return hallado
    if not await existe():
        raise NoEncontrado
    reloj = asyncio.get_running_loop().time
    limite = reloj() + PACIENCIA_POR_LLEGAR
    while (hallado := await leer()) is None:
        # Only after a look: however long this stood still, it is not told late of what came meanwhile.
        if reloj() > limite:
            raise AunNoLlega
        await asyncio.sleep(PASO)
    return hallado
