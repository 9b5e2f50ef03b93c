"""Programs that no package registry of Python has, and that some tests need: a browser, a proxy."""

import fcntl
import os
import shutil
import subprocess

import pytest

from tests.eventualmente import eventualmente


def programa(nombre: str, paquete: str) -> str:
    """The path of ``nombre``, installed by apt as ``paquete`` when it is absent. Fails saying what to do otherwise."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        ruta = _buscar(nombre)
    else:
        # Two tests may ask at once: the second waits until the first has all of it.
        with open(apt, "rb") as turno:
            fcntl.flock(turno, fcntl.LOCK_EX)
            ruta = _buscar(nombre) or _instalar(nombre, paquete)
    if ruta is None:
        pytest.fail(f"Falta {nombre}, y aquí no se puede instalar (hace falta ser root y apt): instale {paquete}")
    return ruta


def _instalar(nombre: str, paquete: str) -> str | None:
    _apt("update")
    _apt("install", "--yes", "--no-install-recommends", paquete)
    return _buscar(nombre)


def _buscar(nombre: str) -> str | None:
    # What Debian keeps for root is not on everybody's path.
    return shutil.which(nombre, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")


def _apt(*argumentos: str) -> None:
    orden = ["apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", *argumentos]
    entorno = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}

    def correr() -> "subprocess.CompletedProcess[str]":
        return subprocess.run(orden, env=entorno, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    # A machine that has just started brings its own packages up to date. Of apt's locks it waits for only one.
    hecho = eventualmente(correr, lambda hecho: "Could not get lock" not in hecho.stderr, segundos=300)
    if hecho.returncode != 0:
        pytest.fail(f"apt-get {' '.join(argumentos)} no pudo: {hecho.stderr[-2000:]}")
