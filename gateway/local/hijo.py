"""Start a child process that never outlives this one."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

LANZADOR = Path(__file__).with_name("lanzar.py")


def lanzar(
    orden: list[str],
    *,
    entorno: Mapping[str, str],
    senal: int = signal.SIGKILL,
    uid: int | None = None,
    salida: int,
    carpeta: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """Start ``orden`` in a session of its own; ``salida`` (a file descriptor) takes what it writes.

    ``carpeta`` is where it works, if not where this process does.
    ``senal`` is what it gets when this process dies: whoever can be killed at any time needs no farewell. The
    kernel ties that to the *thread* that starts it: call this from the main thread.
    """
    padre = str(os.getpid())
    quien = "-" if uid is None else str(uid)
    return subprocess.Popen(
        [sys.executable, "-I", "-S", str(LANZADOR), str(int(senal)), padre, quien, *orden],
        env=dict(entorno),
        cwd=carpeta,
        stdin=subprocess.DEVNULL,
        stdout=salida,
        stderr=salida,
        start_new_session=True,
    )
