"""Where use cases run: right here when they ask one thing, on the process's event loop when they ask several."""

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, TypeVar

from bff.domain.exceptions import ServicioLento
from bff.infrastructure.plazo import queda

T = TypeVar("T")
Ceder = Callable[[], AbstractContextManager[object]]
"""Within its block others are served in the place of who waits."""
MARGEN = 0.25
"""Seconds beyond the deadline in which whoever runs tells by itself that it was too slow."""
PRONTO = 0.05
"""Seconds for which a request keeps its place while it waits: a page takes less, a slow service more."""


def de_corrido(tarea: Coroutine[Any, Any, T]) -> T:
    """Run what waits for nothing: no loop, no other thread. Raises RuntimeError when it does wait."""
    try:
        tarea.send(None)
    except StopIteration as fin:
        return fin.value  # type: ignore[no-any-return]
    tarea.close()
    raise RuntimeError("una vista de una sola pregunta se puso a esperar")


async def en_su_hilo(trabajo: Callable[[], T]) -> T:
    """Do blocking work: in a thread beside the loop's other tasks, right here when there is no loop to hold up."""
    try:
        lazo = asyncio.get_running_loop()
    except RuntimeError:
        return trabajo()
    return await lazo.run_in_executor(None, contextvars.copy_context().run, trabajo)


def resultado(futuro: "Future[T]", segundos: float, ceder: Ceder = nullcontext) -> T:
    """What ``futuro`` gives within ``segundos``. Raises TimeoutError, and what it raises."""
    with suppress(TimeoutError):
        return futuro.result(min(PRONTO, segundos))
    with ceder():
        return futuro.result(max(0.0, segundos - PRONTO))


class Lazo:
    """One event loop in a thread of its own, begun when it is first needed: after a fork, never before."""

    def __init__(self, hilos: int) -> None:
        """``hilos``: how much blocking work goes on at once."""
        self._hilos, self._candado = hilos, threading.Lock()
        self._lazo: asyncio.AbstractEventLoop | None = None
        self._hilo: threading.Thread | None = None

    def correr(self, tarea: Coroutine[Any, Any, T], segundos: float, ceder: Ceder = nullcontext) -> T:
        """Run ``tarea`` to its end, within what is left of the request's time. Raises ServicioLento."""
        futuro = asyncio.run_coroutine_threadsafe(tarea, self._abierto())
        try:
            return resultado(futuro, queda(segundos) + MARGEN, ceder)
        except TimeoutError:
            futuro.cancel()
            raise ServicioLento("BFF") from None

    def cerrar(self, al_final: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run ``al_final`` and end the thread. A second call does nothing."""
        with self._candado:
            lazo, hilo = self._lazo, self._hilo
            self._lazo = self._hilo = None
        if lazo is not None and hilo is not None:
            asyncio.run_coroutine_threadsafe(al_final(), lazo).result()
            lazo.call_soon_threadsafe(lazo.stop)
            hilo.join()

    def _abierto(self) -> asyncio.AbstractEventLoop:
        with self._candado:
            if self._lazo is None:
                self._lazo = asyncio.new_event_loop()
                self._lazo.set_default_executor(ThreadPoolExecutor(self._hilos, "lectura"))
                self._hilo = threading.Thread(target=self._vivir, args=(self._lazo,), name="lazo", daemon=True)
                self._hilo.start()
            return self._lazo

    @staticmethod
    def _vivir(lazo: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(lazo)
        try:
            lazo.run_forever()
        finally:
            lazo.run_until_complete(lazo.shutdown_default_executor())
            lazo.close()
