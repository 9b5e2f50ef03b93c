"""A process of the stack that, at the point which the drill's order names, kills itself or another."""

import json
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path

from gateway import puntos
from gateway.cli.__main__ import principal
from gateway.puntos import Punto


class Orden:
    """What is to die and where, in a file that whoever carries it out removes: ``{punto, pasadas, pid}``."""

    def __init__(self, archivo: Path) -> None:
        self._archivo, self._leida, self._pasadas = archivo, "", 0
        self._uno_a_la_vez = threading.Lock()

    def dar(self, punto: Punto, pasadas: int, pid: int) -> None:
        """Order the death of ``pid`` when ``punto`` has been passed so many times."""
        provisional = self._archivo.with_suffix(".nueva")
        provisional.write_text(json.dumps({"punto": punto, "pasadas": pasadas, "pid": pid}))
        provisional.replace(self._archivo)

    def pendiente(self) -> bool:
        """Whether nobody has carried it out yet."""
        return self._archivo.exists()

    def retirar(self) -> None:
        self._archivo.unlink(missing_ok=True)

    def mirar(self, punto: Punto) -> None:
        """Carry it out, if ``punto`` is where and this is when."""
        with self._uno_a_la_vez, suppress(FileNotFoundError):
            leida = self._archivo.read_text()
            if leida != self._leida:
                self._leida, self._pasadas = leida, 0
            orden = json.loads(leida)
            if orden["punto"] != punto:
                return
            self._pasadas += 1
            if self._pasadas >= orden["pasadas"]:
                # First of all: what comes back in the place of the dead must not die of it too.
                self._archivo.unlink()
                with suppress(ProcessLookupError):
                    os.kill(orden["pid"], signal.SIGKILL)


if __name__ == "__main__":
    puntos.vigilar(Orden(Path(sys.argv[1])).mirar)
    sys.exit(principal(sys.argv[2:]))
