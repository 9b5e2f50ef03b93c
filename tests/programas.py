"""Programs that no package registry of Python has, and that some tests need: a browser, a proxy."""

import os
import shutil
import subprocess

import pytest


def programa(nombre: str, paquete: str) -> str:
    """The path of ``nombre``, installed by apt as ``paquete`` when it is absent. Fails saying what to do otherwise."""
    ruta = _buscar(nombre)
    if ruta is None and os.geteuid() == 0 and shutil.which("apt-get") is not None:
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", paquete)
        ruta = _buscar(nombre)
    if ruta is None:
        pytest.fail(f"Falta {nombre}, y aquí no se puede instalar (hace falta ser root y apt): instale {paquete}")
    return ruta


def _buscar(nombre: str) -> str | None:
    # What Debian keeps for root is not on everybody's path.
    return shutil.which(nombre, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")


def _apt(*argumentos: str) -> None:
    # Two tests may ask at once: the second waits for the first.
    orden = ["apt-get", "--quiet", "-o", "DPkg::Lock::Timeout=300", *argumentos]
    entorno = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    hecho = subprocess.run(orden, env=entorno, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if hecho.returncode != 0:
        pytest.fail(f"apt-get {' '.join(argumentos)} no pudo: {hecho.stderr[-2000:]}")
