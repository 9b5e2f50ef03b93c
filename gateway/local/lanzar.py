"""Become another program that ends with its parent and, started by root, runs without root's powers.

Run as a script, ``lanzar.py SENAL PADRE UID PROGRAMA ARGUMENTO…``, and replaced by the program. A script and not
a ``preexec_fn``, because code between fork and exec may deadlock in a parent that has threads. Stdlib only: it
runs isolated from the environment.

UID ``-`` keeps the user. Otherwise a program below a folder that the user may not enter (a clone under ``/root``
or in a ``mktemp -d``) keeps the one capability to pass through it, and no other.
"""

import ctypes
import os
import re
import sys
from pathlib import Path

PR_SET_PDEATHSIG, PR_CAPBSET_READ, PR_SET_SECUREBITS, PR_CAP_AMBIENT = 1, 23, 28, 47
PR_CAP_AMBIENT_RAISE = 2
SECBIT_NO_SETUID_FIXUP = 4
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
CAPABILITY_VERSION_3 = 0x20080522


class _Cabecera(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Conjunto(ctypes.Structure):
    _fields_ = (("efectivo", ctypes.c_uint32), ("permitido", ctypes.c_uint32), ("heredable", ctypes.c_uint32))


def principal(senal: int, padre: int, uid: str, orden: list[str]) -> None:
    """Drop what is not needed, tie this process to its parent and become ``orden``."""
    if uid != "-":
        # A class path is several in one, and an option may name another.
        rutas = [ruta for parte in orden for ruta in re.split("[:=]", parte)]
        carpetas = [Path(ruta) for ruta in rutas if ruta.startswith("/")]
        bajar_a(int(uid), necesita_paso=not all(_se_llega(ruta, int(uid)) for ruta in carpetas))
    morir_con_el_padre(senal)
    if os.getppid() != padre:
        sys.exit(1)
    os.execv(orden[0], orden)  # noqa: S606 - the point of this script


def morir_con_el_padre(senal: int) -> None:
    """Ask the kernel for ``senal`` when the parent ends, however it ends. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, senal, 0, 0, 0)


def bajar_a(uid: int, *, necesita_paso: bool) -> None:
    """Stop being root: become ``uid``, with one capability to pass through closed folders when it is needed."""
    libc = ctypes.CDLL(None, use_errno=True)
    capacidad = _capacidad_de_paso(libc) if necesita_paso else None
    if capacidad is not None:
        # access(2) drops capabilities for a plain user unless this bit says otherwise, and initdb asks access(2).
        _exigir(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0))
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    if capacidad is not None:
        mascara = 1 << capacidad
        conjuntos = (_Conjunto * 2)(_Conjunto(mascara, mascara, mascara), _Conjunto(0, 0, 0))
        _exigir(libc.capset(ctypes.byref(_Cabecera(CAPABILITY_VERSION_3, 0)), conjuntos))
        _exigir(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capacidad, 0, 0))


def _capacidad_de_paso(libc: ctypes.CDLL) -> int | None:
    if sys.platform != "linux":
        return None
    disponibles = (c for c in (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE) if libc.prctl(PR_CAPBSET_READ, c, 0, 0, 0) == 1)
    return next(disponibles, None)


def _se_llega(ruta: Path, uid: int) -> bool:
    for carpeta in ruta.parents:
        estado = carpeta.stat()
        paso = 0o100 if estado.st_uid == uid else 0o001
        if not estado.st_mode & paso:
            return False
    return True


def _exigir(resultado: int) -> None:
    if resultado != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    principal(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
