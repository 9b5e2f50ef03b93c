"""Keeps children alive while this process lives, and lets none of them outlive it."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import time
from _thread import start_new_thread
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.local.errores import FallaLocal

ESPERAS = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds before a child that died again and again is started anew."""
VIDA_SANA = 10.0
"""A child that lived so many seconds starts again at the first of ESPERAS."""
FALLAS_SEGUIDAS = 3
"""A child that died so often without living that long is not expected to start."""
PLAZO = 10.0
PASO = 0.1
PULSO = 10.0
"""Seconds between two looks at whether a child answers."""
MUDO = 6
"""Looks in vain, one after the other, after which a child that lives counts as hung: a short freeze is none."""

Salida = Callable[[str, str], None]
"""Takes a child's name and a line of its log."""


@dataclass(slots=True)
class Hijo:
    """A child: how to start it (its output goes to the file descriptor given), how to ask it whether it is well, if it
    may hang, and what became of it."""

    nombre: str
    lanzar: Callable[[int], "subprocess.Popen[bytes]"]
    senal_de_fin: int = signal.SIGTERM
    sano: Callable[[], bool] | None = None
    pulso: float = PULSO
    proceso: "subprocess.Popen[bytes] | None" = None
    tubo: int = -1
    lector: threading.Thread | None = None
    desde: float = 0.0
    reinicios: int = 0
    fallas: int = 0
    volver_en: float = 0.0


class Supervisor:
    """Starts children in order, brings back those that die, and stops them in the reverse order."""

    def __init__(self, decir: Salida, archivo: Path, plazo: float = PLAZO) -> None:
        """``archivo`` is kept up to date with who lives; ``plazo``: seconds that a child has to end by itself."""
        self._decir, self._archivo, self._plazo = decir, archivo, plazo
        self._hijos: list[Hijo] = []
        self._fin = threading.Event()
        self._forzar = threading.Event()

    def escuchar_senales(self) -> None:
        """From now on SIGTERM, SIGINT and SIGHUP ask for the end, and a second one for an end without courtesy."""
        for senal in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            # On a thread: the one that is interrupted may hold the event's lock.
            signal.signal(senal, lambda *_: start_new_thread(self.pedir_fin, ()))

    def pedir_fin(self) -> None:
        if self._fin.is_set():
            self._forzar.set()
        self._fin.set()

    @property
    def terminando(self) -> bool:
        return self._fin.is_set()

    def viven(self, nombres: Collection[str]) -> bool:
        """Whether these children run, none of them just after it died."""
        return all(
            hijo.proceso is not None
            and hijo.proceso.poll() is None
            and (not hijo.fallas or time.time() - hijo.desde > VIDA_SANA)
            for hijo in self._hijos
            if hijo.nombre in nombres
        )

    @property
    def sin_arrancar(self) -> list[str]:
        """Children that die as soon as they start."""
        return [hijo.nombre for hijo in self._hijos if hijo.fallas >= FALLAS_SEGUIDAS]

    def agregar(self, hijo: Hijo) -> None:
        """Start ``hijo`` and watch over it from now on. Only from the main thread."""
        lectura, hijo.tubo = os.pipe()
        hijo.lector = threading.Thread(target=self._copiar, args=(hijo.nombre, lectura), daemon=True)
        hijo.lector.start()
        self._hijos.append(hijo)
        hijo.proceso, hijo.desde = hijo.lanzar(hijo.tubo), time.time()
        if hijo.sano is not None:
            threading.Thread(target=self._tomar_pulso, args=(hijo, hijo.sano), daemon=True).start()
        self._anotar()

    def vigilar(self, hasta: Callable[[], bool] = lambda: False) -> None:
        """Watch over the children until the end is asked for, or ``hasta`` says so."""
        while not self._fin.is_set() and not hasta():
            for hijo in self._hijos:
                self._revisar(hijo)
            self._fin.wait(PASO)

    def parar(self) -> None:
        """Stop all children, the last added first; each within its ``plazo``."""
        self._fin.set()
        for hijo in reversed(self._hijos):
            if hijo.proceso is not None:
                self._decir("alpes", f"deteniendo {hijo.nombre}")
                self._terminar(hijo, hijo.proceso)
            os.close(hijo.tubo)
            if hijo.lector is not None:
                # Until it has read the child's last words.
                hijo.lector.join(self._plazo)
        self._archivo.unlink(missing_ok=True)

    def _revisar(self, hijo: Hijo) -> None:
        if hijo.proceso is None:
            if time.time() >= hijo.volver_en:
                self._volver_a_lanzar(hijo)
        elif (codigo := hijo.proceso.poll()) is not None:
            # What it had started itself is in its session, and may still hold its port.
            _matar_grupo(hijo.proceso.pid)
            self._aplazar(hijo, f"terminó ({codigo})")

    def _volver_a_lanzar(self, hijo: Hijo) -> None:
        hijo.reinicios, hijo.desde = hijo.reinicios + 1, time.time()
        try:
            hijo.proceso = hijo.lanzar(hijo.tubo)
        except (OSError, FallaLocal) as error:
            self._aplazar(hijo, f"no arranca: {error}")
        self._anotar()

    def _aplazar(self, hijo: Hijo, que_paso: str) -> None:
        hijo.fallas = 1 if time.time() - hijo.desde > VIDA_SANA else hijo.fallas + 1
        espera = ESPERAS[min(hijo.fallas, len(ESPERAS)) - 1]
        hijo.proceso, hijo.volver_en = None, time.time() + espera
        self._decir("alpes", f"{hijo.nombre} {que_paso}; vuelve en {espera} s")
        self._anotar()

    def _terminar(self, hijo: Hijo, proceso: "subprocess.Popen[bytes]") -> None:
        with contextlib.suppress(ProcessLookupError):
            proceso.send_signal(hijo.senal_de_fin)
        limite = time.monotonic() + self._plazo
        while proceso.poll() is None and time.monotonic() < limite and not self._forzar.is_set():
            time.sleep(PASO / 5)
        _matar_grupo(proceso.pid)
        proceso.wait()
        hijo.proceso = None

    def _tomar_pulso(self, hijo: Hijo, sano: Callable[[], bool]) -> None:
        """Kill a child that answered and then lives on without: like any that dies, it comes back."""
        proceso, contesto, en_vano = hijo.proceso, False, 0
        while not self._fin.wait(hijo.pulso):
            if proceso is not hijo.proceso:
                proceso, contesto, en_vano = hijo.proceso, False, 0
            bien = sano()
            contesto, en_vano = contesto or bien, 0 if bien or not contesto else en_vano + 1
            if en_vano == MUDO and proceso is not None and proceso.poll() is None and not self._fin.is_set():
                self._decir(
                    "alpes", f"{hijo.nombre} no responde desde hace {MUDO * hijo.pulso:.0f} s o más: se reinicia"
                )
                _matar_grupo(proceso.pid)

    def _copiar(self, nombre: str, lectura: int) -> None:
        with os.fdopen(lectura, "rb") as tubo:
            for linea in tubo:
                self._decir(nombre, linea.decode(errors="replace").rstrip())

    def _anotar(self) -> None:
        provisional = self._archivo.with_suffix(".nuevo")
        # A full disk must not keep those that die of it from coming back.
        with contextlib.suppress(OSError):
            provisional.write_text(json.dumps(self._resumen()))
            provisional.replace(self._archivo)

    def _resumen(self) -> list[dict[str, Any]]:
        yo = {"nombre": "alpes", "pid": os.getpid(), "reinicios": 0}
        vivos = [
            {"nombre": hijo.nombre, "pid": hijo.proceso.pid if hijo.proceso else None, "reinicios": hijo.reinicios}
            for hijo in self._hijos
        ]
        return [yo, *vivos]


def _matar_grupo(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
