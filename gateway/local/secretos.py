"""The secrets of an embedded database: made once, kept in ALPES_DIR, readable by their owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gateway.local.errores import FallaLocal

ARCHIVO = "secretos.json"
CAMBIO = "secretos.cambio.json"
"""What ARCHIVO will be once the database has the new master key."""


@dataclass(frozen=True, slots=True, repr=False)
class Secretos:
    """Passwords of the two database roles, and the two keys in hexadecimal."""

    clave_admin: str
    clave_alpes: str
    llave_maestra: str
    llave_unicidad: str


def leer_o_crear(carpeta: Path, *, nueva: bool) -> Secretos:
    """The secrets kept in ``carpeta``, made now when the database is ``nueva``.

    Raises FallaLocal when an existing database lost them: new keys could never open its personal data.
    """
    archivo = carpeta / ARCHIVO
    secretos = _leer(archivo)
    if secretos is not None:
        return secretos
    if not nueva:
        raise FallaLocal(f"Hay una base de datos en {carpeta}, pero falta {archivo}, con sus claves")
    secretos = Secretos(*(secrets.token_hex(32) for _ in range(4)))
    _escribir(archivo, secretos)
    return secretos


def anotar_cambio(carpeta: Path, llave_maestra: str) -> str:
    """Write a new master key down beside the present secrets; returns it, or that of a change begun before.

    Raises FallaLocal.
    """
    empezado = _leer(carpeta / CAMBIO)
    if empezado is None:
        empezado = replace(leer_o_crear(carpeta, nueva=False), llave_maestra=llave_maestra)
        _escribir(carpeta / CAMBIO, empezado)
    return empezado.llave_maestra


def cumplir_cambio(carpeta: Path) -> None:
    """Let what ``anotar_cambio`` wrote down take its place."""
    (carpeta / CAMBIO).replace(carpeta / ARCHIVO)


def _leer(archivo: Path) -> Secretos | None:
    try:
        return Secretos(**json.loads(archivo.read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, OSError):
        raise FallaLocal(f"No se puede leer {archivo}") from None


def _escribir(archivo: Path, secretos: Secretos) -> None:
    texto = json.dumps(asdict(secretos), indent=1)
    provisional = archivo.with_suffix(".nuevo")
    provisional.unlink(missing_ok=True)
    descriptor = os.open(provisional, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as abierto:
        abierto.write(texto)
        abierto.flush()
        os.fsync(descriptor)
    provisional.replace(archivo)
