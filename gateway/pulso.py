"""Whether a process moves: each of its loops asks now and then whether it should end, and that is its pulse."""

import threading
import time
from contextlib import suppress
from pathlib import Path

RITMO = 1.0
"""Seconds between two notes that the process moves."""
QUIETO = 120.0
"""Seconds after which a loop that asked nothing is stuck, if only behind a lock that somebody holds in the database: so
a look at it may raise an alarm, but is no reason to kill the process."""
FRESCO = 30.0
"""Seconds for which a note is believed."""
DE_LARGO_ALIENTO = "obra:"
"""How threads are named that build tables anew, and may take as long as they need."""


def archivo_de(carpeta: Path, proceso: str) -> Path:
    """Where ``proceso`` of the data folder ``carpeta`` notes that it moves."""
    return carpeta / "pulsos" / proceso


def late(archivo: Path) -> bool:
    """Whether the process that notes it there moved lately."""
    try:
        return time.time() - archivo.stat().st_mtime < FRESCO
    except OSError:
        return False


class Pulso(threading.Event):
    """Set when the process should end; who asks for it lives. ``archivo`` is touched while none of those is stuck."""

    def __init__(self, archivo: Path, quieto: float = QUIETO) -> None:
        super().__init__()
        self._archivo, self._quieto = archivo, quieto
        self._vistos: dict[threading.Thread, float] = {}
        threading.Thread(target=self._anotar, name="pulso", daemon=True).start()

    def is_set(self) -> bool:
        self._latir()
        return super().is_set()

    def wait(self, timeout: float | None = None) -> bool:
        self._latir()
        try:
            return super().wait(timeout)
        finally:
            self._latir()

    def _latir(self) -> None:
        self._vistos[threading.current_thread()] = time.monotonic()

    def _anotar(self) -> None:
        while True:
            # Who asks for the first time meanwhile is looked at the next time, and not forgotten.
            vistos = self._vistos.copy()
            vivos = {hilo: visto for hilo, visto in vistos.items() if hilo.is_alive()}
            for ido in vistos.keys() - vivos.keys():
                del self._vistos[ido]
            quietos = [
                hilo
                for hilo, visto in vivos.items()
                if time.monotonic() - visto > self._quieto and not hilo.name.startswith(DE_LARGO_ALIENTO)
            ]
            if vivos and not quietos:
                # A full or lost disk shows itself: nothing is noted then.
                with suppress(OSError):
                    self._archivo.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    self._archivo.touch()
            time.sleep(RITMO)
