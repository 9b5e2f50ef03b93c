"""API keys: made at the command line, shown once, kept as hashes."""

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from cachetools import TTLCache
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from domain.base.contexto import Actor
from gateway.acceso.identidad import Identidad, Rol, credencial_invalida

PREFIJO = "alpes_"
"""By which a key is told from a token, and found by who looks for secrets where they should not be."""
_FORMA = re.compile(r"alpes_[A-Za-z0-9_-]{43}")
NOMBRE = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
RECUERDO = 1.0
"""Seconds within which a revocation, or the first key, is known to every process."""


class NombreEnUso(Exception):
    """A key of that name exists, or existed: a name in the audit trail is one key's for ever."""


class Llave(NamedTuple):
    """A key as it is listed."""

    nombre: str
    roles: list[str]
    creada_en: datetime
    creada_por: str
    vence_en: datetime | None
    revocada_en: datetime | None
    revocada_por: str | None

    def estado(self, ahora: datetime) -> str:
        """``vigente``, ``vencida`` or ``revocada``."""
        if self.revocada_en is not None:
            return "revocada"
        return "vencida" if self.vence_en is not None and self.vence_en <= ahora else "vigente"


_CAMPOS = "nombre, roles, creada_en, creada_por, vence_en, revocada_en, revocada_por"
_CREAR = text(
    "INSERT INTO public.llaves (nombre, roles, huella, creada_por, vence_en)"
    " VALUES (:nombre, :roles, :huella, :por, :vence_en)"
)
_LISTAR = text(f"SELECT {_CAMPOS} FROM public.llaves ORDER BY creada_en, nombre")  # noqa: S608 - a constant
_HALLAR = text(f"SELECT {_CAMPOS} FROM public.llaves WHERE huella = :huella")  # noqa: S608 - a constant
_REVOCAR = text(
    "UPDATE public.llaves SET revocada_en = clock_timestamp(), revocada_por = :por"
    " WHERE nombre = :nombre AND revocada_en IS NULL RETURNING nombre"
)
_EXISTE = text("SELECT EXISTS (SELECT FROM public.llaves WHERE nombre = :nombre)")
_HAY = text("SELECT EXISTS (SELECT FROM public.llaves)")


def crear(motor: Engine, nombre: str, roles: Collection[Rol], vence_en: datetime | None, por: Actor) -> str:
    """Make a key and return it: nobody can read it again. Raises NombreEnUso."""
    llave = PREFIJO + secrets.token_urlsafe(32)
    valores = {
        "nombre": nombre,
        "roles": sorted(roles),
        "huella": _huella(llave),
        "por": f"{por.tipo}:{por.id}",
        "vence_en": vence_en,
    }
    try:
        with motor.begin() as conexion:
            conexion.execute(_CREAR, valores)
    except IntegrityError:
        raise NombreEnUso from None
    return llave


def listar(motor: Engine) -> list[Llave]:
    """Every key that there ever was, oldest first."""
    with _leyendo(motor) as conexion:
        return [Llave._make(fila) for fila in conexion.execute(_LISTAR)]


def revocar(motor: Engine, nombre: str, por: Actor) -> bool | None:
    """Let a key open nothing any more: True; False when it was revoked before, None when there is no such key."""
    with motor.begin() as conexion:
        if conexion.execute(_REVOCAR, {"nombre": nombre, "por": f"{por.tipo}:{por.id}"}).first():
            return True
        return False if conexion.execute(_EXISTE, {"nombre": nombre}).scalar() else None


class Llaves:
    """The keys as the doors ask about them. Threads share it."""

    def __init__(self, motor: Engine, reloj: Callable[[], datetime]) -> None:
        self._motor, self._reloj = motor, reloj
        self._vistas: TTLCache[bytes, Llave] = TTLCache(4096, RECUERDO)
        self._turno = threading.Lock()
        self._hay, self._mirado = False, float("-inf")

    def hay(self) -> bool:
        """Whether a key was ever made: that closes the open mode, and revoking it does not open it again.

        Raises sqlalchemy's errors when the database can't be asked.
        """
        if not self._hay and time.monotonic() - self._mirado > RECUERDO:
            with _leyendo(self._motor) as conexion:
                self._hay = bool(conexion.execute(_HAY).scalar())
            self._mirado = time.monotonic()
        return self._hay

    def identidad(self, credencial: str) -> Identidad:
        """Whose key it is. Raises Rechazado, and sqlalchemy's errors when the database can't be asked."""
        if not _FORMA.fullmatch(credencial):
            raise credencial_invalida("LLAVE_INVALIDA")
        huella = _huella(credencial)
        with self._turno:
            llave = self._vistas.get(huella)
        if llave is None:
            llave = self._buscar(huella)
            with self._turno:
                self._vistas[huella] = llave
        identidad = Identidad("llave", llave.nombre, frozenset(map(Rol, llave.roles)))
        estado = llave.estado(self._reloj())
        if estado != "vigente":
            raise credencial_invalida(f"LLAVE_{estado.upper()}", identidad.nombre)
        return identidad

    def _buscar(self, huella: bytes) -> Llave:
        with _leyendo(self._motor) as conexion:
            fila = conexion.execute(_HALLAR, {"huella": huella}).first()
        if fila is None:
            raise credencial_invalida("LLAVE_DESCONOCIDA")
        return Llave._make(fila)


def _leyendo(motor: Engine) -> Connection:
    return motor.connect().execution_options(isolation_level="AUTOCOMMIT")


def _huella(llave: str) -> bytes:
    # 256 random bits: there is nothing to guess, so nothing for a slow hash to slow down.
    return hashlib.sha256(llave.encode()).digest()
