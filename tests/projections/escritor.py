"""Writers of payments beside a rebuild: one who stops in time, and one whom nobody keeps up with."""

import threading
from collections.abc import Sequence

from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import pagado
from tests.projections.generaciones import pagar
from tests.projections.log_en_memoria import FilaEnMemoria, LogEnMemoria, eventos_de

PAGOS = 400
"""As many as a slow machine follows too."""


def escribir(lectura: Lectura, fin: threading.Event) -> None:
    """Pay again and again, PAGOS times at most."""
    for numero in range(PAGOS):
        if fin.wait(0.002):
            return
        pagar(lectura, numero)


class LogDesbocado(LogEnMemoria):
    """However far it is read, in small batches, there is more than a thousand positions after it."""

    LOTE, ADELANTO = 30, 2000

    def __init__(self) -> None:
        super().__init__()
        self._candado = threading.Lock()
        self._numero = 0

    def leer(self, desde: int, limite: int) -> Sequence[FilaEnMemoria]:
        with self._candado:
            while self.cabeza() < desde + self.ADELANTO:
                self._numero += 1
                self.agregar(*eventos_de(pagado(f"otro-{self._numero}", cliente_id="ana")))
        return super().leer(desde, min(limite, self.LOTE))
