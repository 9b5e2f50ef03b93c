"""The secrets of an embedded database: made once, kept in ALPES_DIR, readable by their owner alone."""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from gateway.local.errores import FallaLocal

ARCHIVO = "secretos.json"


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
    try:
        return Secretos(**json.loads(archivo.read_text()))
    except FileNotFoundError:
        if not nueva:
            raise FallaLocal(f"Hay una base de datos en {carpeta}, pero falta {archivo}, con sus claves") from None
    except (ValueError, TypeError, OSError):
        raise FallaLocal(f"No se puede leer {archivo}") from None
    secretos = Secretos(*(secrets.token_hex(32) for _ in range(4)))
    _escribir(archivo, json.dumps(asdict(secretos), indent=1))
    return secretos


def _escribir(archivo: Path, texto: str) -> None:
    provisional = archivo.with_suffix(".nuevo")
    provisional.unlink(missing_ok=True)
    descriptor = os.open(provisional, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as abierto:
        abierto.write(texto)
        abierto.flush()
        os.fsync(descriptor)
    provisional.replace(archivo)
