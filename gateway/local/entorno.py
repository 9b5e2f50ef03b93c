"""Make ``.venv`` from the hashed lock. Run as a script by the launcher, with any Python 3.11: stdlib only."""

import fcntl
import filecmp
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path


def preparar(raiz: Path) -> int:
    """Build or update ``raiz/.venv``; first starts at the same time wait for one of them. Returns an exit status."""
    lista, carpeta = raiz / "requirements.lock", raiz / ".venv"
    sello = carpeta / lista.name
    with lista.open() as abierta:
        _esperar_turno(abierta.fileno())
        entero = sello.exists() and _tiene_python(carpeta)
        if entero and filecmp.cmp(lista, sello, shallow=False):
            return 0
        inicio = time.monotonic()
        _decir("Preparando el entorno de Python en .venv (solo la primera vez y cuando cambia requirements.lock)…")
        if not entero:
            venv.create(carpeta, clear=True)
            _correr(carpeta, ["ensurepip", "--upgrade", "--default-pip"], abierta.fileno()).check_returncode()
        sello.unlink(missing_ok=True)
        if _instalar(carpeta, lista, abierta.fileno()) != 0:
            _decir("No se pudieron instalar los paquetes de requirements.lock; lo de arriba dice por qué (¿hay red?)")
            return 1
        # Last, and by rename: the launcher takes it for the proof that all the rest is there.
        shutil.copyfile(lista, carpeta / "sello.nuevo")
        (carpeta / "sello.nuevo").replace(sello)
        _decir(f"Entorno listo en {time.monotonic() - inicio:.0f} s")
    return 0


def _instalar(carpeta: Path, lista: Path, turno: int) -> int:
    opciones = ("--require-hashes", "--disable-pip-version-check", "--no-input", "--quiet")
    return _correr(carpeta, ["pip", "install", *opciones, "-r", str(lista)], turno).returncode


def _correr(carpeta: Path, modulo: list[str], turno: int) -> "subprocess.CompletedProcess[bytes]":
    # Whoever comes after a killed first start waits for what that one had begun, too: it has the turn as well.
    orden = [str(carpeta / "bin" / "python"), "-I", "-m", *modulo]
    return subprocess.run(orden, stdout=subprocess.DEVNULL, pass_fds=[turno], check=False)


def _tiene_python(carpeta: Path) -> bool:
    python = carpeta / "bin" / "python"
    return python.exists() and subprocess.run([str(python), "-I", "-c", "import pip"], check=False).returncode == 0


def _esperar_turno(descriptor: int) -> None:
    # The lock is the system's own: it ends with its process, so a killed first start blocks nobody.
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _decir("Otro proceso está preparando .venv; se espera a que termine…")
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _decir(texto: str) -> None:
    sys.stderr.write(f"alpes: {texto}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        sys.exit(preparar(Path(sys.argv[1])))
    except (OSError, subprocess.CalledProcessError) as error:
        _decir(f"No se pudo preparar .venv: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
