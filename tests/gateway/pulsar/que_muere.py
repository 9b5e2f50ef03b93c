"""A consumer that is killed at a named point: ``python -m tests.gateway.pulsar.que_muere antes|despues``.

``despues``: with the first messages' effect stored and not acknowledged. ``antes``: with them taken and nothing stored.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack

from gateway.composicion import construir
from gateway.config import leer
from gateway.pulsar.consumidores import oidos_de
from gateway.pulsar.oido import Atencion, Oido
from gateway.pulsar.recibidos import Recibido


class QueMuere:
    """What a consumer does with messages, and the end of it."""

    def __init__(self, de_veras: Atencion, punto: str) -> None:
        self._de_veras, self._punto = de_veras, punto

    def atender(self, recibidos: Sequence[Recibido]) -> None:
        if self._punto == "despues":
            self._de_veras.atender(recibidos)
        os.kill(os.getpid(), signal.SIGKILL)


def principal(punto: str) -> None:
    with construir(leer()) as sistema, ExitStack() as al_final:
        for oido in oidos_de(sistema, leer(), al_final):
            oido.atencion = QueMuere(oido.atencion, punto)
            threading.Thread(target=_escuchar, args=(oido,)).start()
        threading.Event().wait()


def _escuchar(oido: Oido) -> None:
    while True:
        oido.paso()


if __name__ == "__main__":
    principal(sys.argv[1])
