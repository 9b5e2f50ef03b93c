"""Who builds beside a system that serves gives way to those who read from it."""

import time
from collections.abc import Callable

PRIMERA_PAUSA, PAUSA_MAXIMA = 0.05, 1.0
"""Seconds to wait after a batch: doubled while reads are slow, up to the second, which a claim outlives; halved, and
then none, once they are not."""


class Gobernador:
    """Called after each batch of a build: waits the longer, the longer live reads have been slow.

    It looks at one read at a time, so it sees what a reader would see just then. A build always goes on, if slowly.
    """

    def __init__(
        self,
        leer: Callable[[], object],
        limite_ms: float,
        *,
        reloj: Callable[[], float] = time.monotonic,
        dormir: Callable[[float], None] = time.sleep,
    ) -> None:
        """``leer`` does a cheap read as readers do; ``limite_ms`` is how long it may take, in milliseconds."""
        self._leer, self._limite = leer, limite_ms / 1000
        self._reloj, self._dormir = reloj, dormir
        self.pausa = 0.0
        """Seconds that it waits now."""

    def __call__(self) -> None:
        """Look at a read, and wait. Raises what the read raises."""
        inicio = self._reloj()
        self._leer()
        if self._reloj() - inicio > self._limite:
            self.pausa = min(max(self.pausa * 2, PRIMERA_PAUSA), PAUSA_MAXIMA)
        else:
            self.pausa = self.pausa / 2 if self.pausa > PRIMERA_PAUSA else 0.0
        if self.pausa:
            self._dormir(self.pausa)
