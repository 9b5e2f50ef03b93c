"""Where pages are kept: in this process, or in Redis for all of them."""

import hashlib
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from collections.abc import Set as Conjunto
from typing import Any

import msgspec
import redis
import structlog
from cachetools import TTLCache

MEMORIA = 64 * 1024 * 1024
"""Bytes of pages that a process keeps at most."""
SIN_CUERPO = 512
"""Bytes that a page takes beside its body, about."""
PACIENCIA = 0.2
"""Seconds that Redis may take: reading the page anew takes no longer."""
DESCANSO = 5.0
"""Seconds for which a Redis that failed is not asked."""
DE_UNA_VEZ = 1000
"""Pages dropped from Redis at a time."""


class Pagina(msgspec.Struct, frozen=True):
    """A page as it was read: ``lecturas`` made it, and it holds while ``marca`` is theirs."""

    lecturas: tuple[str, ...]
    marca: str
    cuerpo: bytes
    etag: str
    version: int | None


class Almacen(ABC):
    """What was kept may be gone at any time."""

    @abstractmethod
    def traer(self, clave: str) -> Pagina | None:
        """What is kept under ``clave``, None when nothing is any more."""

    @abstractmethod
    def guardar(self, clave: str, pagina: Pagina) -> None:
        """Keep a page."""

    @abstractmethod
    def olvidar(self, lecturas: Conjunto[str]) -> None:
        """Drop what was made from any of ``lecturas``: who is forgotten may be in it."""


class EnMemoria(Almacen):
    """Pages of this process, the most used ones, each for ``segundos`` at most."""

    def __init__(self, segundos: float) -> None:
        self._candado = threading.Lock()
        self._paginas: TTLCache[str, Pagina] = TTLCache(
            MEMORIA, segundos, getsizeof=lambda una: len(una.cuerpo) + SIN_CUERPO
        )

    def traer(self, clave: str) -> Pagina | None:
        with self._candado:
            return self._paginas.get(clave)

    def guardar(self, clave: str, pagina: Pagina) -> None:
        # A page that is larger than all there is room for is not kept.
        if len(pagina.cuerpo) < MEMORIA // 8:
            with self._candado:
                self._paginas[clave] = pagina

    def olvidar(self, lecturas: Conjunto[str]) -> None:
        with self._candado:
            for clave in [clave for clave, una in self._paginas.items() if not lecturas.isdisjoint(una.lecturas)]:
                del self._paginas[clave]


class EnRedis(Almacen):
    """Pages of all processes. What failed once is not asked for a while: a page can always be read anew."""

    def __init__(
        self, url: str, db_url: str, segundos: float, paciencia: float = PACIENCIA, descanso: float = DESCANSO
    ) -> None:
        """``db_url`` tells the pages of one database from another's; ``paciencia``: seconds that Redis may take;
        ``descanso``: for which it is left alone when it failed."""
        self._descanso = descanso
        self._redis = redis.Redis.from_url(
            url, socket_timeout=paciencia, socket_connect_timeout=paciencia, retry=None, protocol=2
        )
        self._milisegundos = max(1, int(segundos * 1000))
        self._prefijo = f"alpes:bff:{hashlib.blake2b(db_url.encode(), digest_size=8).hexdigest()}:"
        self._calla_hasta = float("-inf")
        self._candado, self._pendientes, self._sueltas = threading.Lock(), set[str](), set[Any]()

    def traer(self, clave: str) -> Pagina | None:
        crudo = self._pedir(lambda: self._redis.get(self._prefijo + _huella(clave)))
        if not isinstance(crudo, bytes):
            return None
        try:
            return msgspec.msgpack.decode(crudo, type=Pagina)
        except msgspec.MsgspecError:
            return None

    def guardar(self, clave: str, pagina: Pagina) -> None:
        self._pedir(lambda: self._anotar_y_guardar(self._prefijo + _huella(clave), pagina))

    def olvidar(self, lecturas: Conjunto[str]) -> None:
        with self._candado:
            self._pendientes |= lecturas
        self._pedir(lambda: None)

    def _anotar_y_guardar(self, lugar: str, pagina: Pagina) -> None:
        with self._redis.pipeline(transaction=False) as juntas:
            for lectura in pagina.lecturas:
                # Before the page, and for as long: what is kept is always found by what made it.
                juntas.sadd(self._de(lectura), lugar)
                juntas.pexpire(self._de(lectura), self._milisegundos)
            juntas.set(lugar, msgspec.msgpack.encode(pagina), px=self._milisegundos)
            juntas.execute()

    def _olvidar_pendientes(self) -> None:
        """What could not be dropped when it was time is dropped before anything else."""
        with self._candado:
            lecturas, self._pendientes = self._pendientes, set[str]()
        try:
            self._soltar()
            self._quitar(lecturas)
        except BaseException:
            with self._candado:
                self._pendientes |= lecturas
            raise

    def _quitar(self, lecturas: Conjunto[str]) -> None:
        for lectura in lecturas:
            while lugares := self._redis.srandmember(self._de(lectura), DE_UNA_VEZ):
                # Known here before they are off the list, so that they go whichever answer is lost. And off the list
                # before they go: what somebody keeps there meanwhile stays on it.
                with self._candado:
                    self._sueltas.update(lugares)
                self._redis.srem(self._de(lectura), *lugares)
                self._soltar()

    def _soltar(self) -> None:
        """Drop the pages that are on no list any more."""
        with self._candado:
            sueltas = set(self._sueltas)
        if sueltas:
            self._redis.unlink(*sueltas)
            with self._candado:
                self._sueltas -= sueltas

    def _de(self, lectura: str) -> str:
        """The list of the pages that were made from a read model."""
        return f"{self._prefijo}de:{lectura}"

    def _pedir(self, hacer: Callable[[], object]) -> object:
        if time.monotonic() < self._calla_hasta:
            return None
        try:
            if self._pendientes or self._sueltas:
                self._olvidar_pendientes()
            return hacer()
        except Exception as error:
            # Not only its own errors: what is no Redis may answer anything.
            self._calla_hasta = time.monotonic() + self._descanso
            structlog.get_logger().warning("redis_inalcanzable", tipo=type(error).__name__)
            return None


def _huella(clave: str) -> str:
    """A key says what somebody searched for: only its hash leaves this process."""
    return hashlib.blake2b(clave.encode(), digest_size=16).hexdigest()
