"""The public keys that tokens are checked with: read from a file or a URL, and read again when they rotate."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

VIGENCIA = 300.0
"""Seconds after which a published set is looked at again, so that a withdrawn key stops to open."""
REPOSO = 10.0
"""Seconds between two fetches at least, however many unknown ``kid`` are presented."""
EDAD_MAXIMA = 3600.0
"""Seconds for which the last set serves while a new one can't be had."""
PLAZO = 5.0
"""Seconds for one fetch, all in all."""
TAMANO_MAXIMO = 1024 * 1024
MODULO_MINIMO = 342
"""Letters of base64 in which 2048 bits are written: shorter RSA keys have been broken."""
_VERIFICA = {"sig", None}
_HOY = {"EdDSA": "Ed25519"}
"""Today's name of what had another before."""


class JwksIlegible(ValueError):
    """No key set, or none that tokens could be checked with."""


class JwksInalcanzable(Exception):
    """There is no key set that is young enough."""


class KidDesconocido(Exception):
    """No key of that name serves that algorithm, even after a fresh look."""


def claves_de(crudo: bytes) -> KeySet:
    """The keys of a JWKS document that may verify signatures. Raises JwksIlegible.

    Secrets are no keys here: a set is public, and so would be what signs. Weak, foreign and broken ones are left
    out; the others of the set go on serving.
    """
    try:
        dichas = json.loads(crudo)["keys"]
        if not isinstance(dichas, list):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise JwksIlegible("no es un JWKS") from None
    claves = [clave for clave in map(_clave, dichas) if clave is not None]
    if not claves:
        raise JwksIlegible("no trae ninguna clave pública con la que comprobar firmas")
    return KeySet(claves)


def leer_archivo(ruta: Path) -> KeySet:
    """The keys in a file. Raises JwksIlegible."""
    try:
        return claves_de(ruta.read_bytes())
    except OSError:
        raise JwksIlegible("no se puede leer ese archivo") from None


def descargar(url: str, plazo: float = PLAZO) -> KeySet:
    """The keys at a URL, within ``plazo`` seconds. Raises JwksIlegible, httpx2.HTTPError, OSError."""
    return claves_de(asyncio.run(_descargar(url, plazo)))


async def _descargar(url: str, plazo: float) -> bytes:
    crudo = b""
    # What is on this machine is not asked through the network's proxy, which could hand out keys of its own.
    con_proxy = url.startswith("https:")
    # The client's own time-outs are for each wait; this one is for all of them.
    async with (
        asyncio.timeout(plazo),
        httpx2.AsyncClient(timeout=plazo, follow_redirects=False, trust_env=con_proxy) as http,
        http.stream("GET", url) as respuesta,
    ):
        if respuesta.status_code != 200:
            raise JwksIlegible("no respondió con un 200")
        async for trozo in respuesta.aiter_bytes():
            crudo += trozo
            if len(crudo) > TAMANO_MAXIMO:
                raise JwksIlegible("es demasiado grande")
    return crudo


class ClavesPublicas:
    """A key set that follows its source. Threads share it."""

    def __init__(
        self, leer: Callable[[], KeySet], *, vigencia: float = VIGENCIA, reposo: float = REPOSO,
        reloj: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._leer, self._vigencia, self._reposo, self._reloj = leer, vigencia, reposo, reloj
        self._turno = threading.Lock()
        self._claves: KeySet | None = None
        self._leidas = self._intentadas = float("-inf")

    @classmethod
    def de(cls, origen: str) -> "ClavesPublicas":
        """Of a URL or a file; a file costs little, and is looked at every second."""
        if "://" in origen:
            return cls(lambda: descargar(origen))
        return cls(lambda: leer_archivo(Path(origen)), vigencia=1.0, reposo=1.0)

    def buscar(self, kid: str | None, alg: str) -> Key:
        """The key for a token's header. Raises KidDesconocido, JwksInalcanzable."""
        if self._reloj() - self._leidas > self._vigencia:
            self._renovar(esperar=not self._sirven())
        clave = self._hallar(kid, alg)
        if clave is None:
            self._renovar(esperar=True)
            clave = self._hallar(kid, alg)
        if clave is None and self._leidas < self._intentadas:
            # It may be a new key, which the last look failed to see.
            raise JwksInalcanzable
        if clave is None:
            raise KidDesconocido
        return clave

    def _hallar(self, kid: str | None, alg: str) -> Key | None:
        if self._claves is None or not self._sirven():
            raise JwksInalcanzable
        algs = (None, _HOY.get(alg, alg))
        sirven = [clave for clave in self._claves if kid in (None, clave.kid) and clave.alg in algs]
        # Without a name, only where there is no choice: trying one after another lets a caller choose.
        return sirven[0] if len(sirven) == 1 else None

    def _sirven(self) -> bool:
        """Whether there is a set, and not too old a one."""
        return self._reloj() - self._leidas <= EDAD_MAXIMA

    def _renovar(self, *, esperar: bool) -> None:
        """Read the source again, unless that was done just now; others meanwhile go on with what there is."""
        if not self._turno.acquire(blocking=esperar):
            return
        try:
            if self._reloj() - self._intentadas < self._reposo:
                return
            self._intentadas = self._reloj()
            self._claves = self._leer()
            self._leidas = self._reloj()
        except (JwksIlegible, httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            # The texts of the others may hold the address, and it a password.
            detalle = str(error) if isinstance(error, JwksIlegible) else _causa(error)
            structlog.get_logger().warning("jwks_sin_renovar", tipo=type(error).__name__, detalle=detalle)
        finally:
            self._turno.release()


def _causa(error: BaseException) -> str:
    """The kind of what an error comes from: a certificate that nobody vouches for, a port where nobody listens."""
    nombre = type(error).__name__
    while siguiente := error.__cause__ or error.__context__:
        error = siguiente
        if isinstance(error, OSError):
            nombre = type(error).__name__
    return nombre


def _clave(dicha: Any) -> Key | None:
    if not isinstance(dicha, dict) or dicha.get("use") not in _VERIFICA or dicha.get("kty") == "oct":
        return None
    if dicha.get("kty") == "RSA" and len(str(dicha.get("n"))) < MODULO_MINIMO:
        return None
    if dicha.get("alg") == "EdDSA":
        dicha = {**dicha, "alg": _HOY["EdDSA"]}
    try:
        return JWKRegistry.import_key(dicha)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
