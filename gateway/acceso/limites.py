"""How often somebody may ask."""

import math
import time
from functools import cache
from pathlib import Path
from typing import cast

import structlog
from limits import RateLimitItem, parse_many
from limits.storage import RedisStorage
from limits.storage.base import SlidingWindowCounterSupport
from limits.strategies import SlidingWindowCounterRateLimiter

from gateway.acceso.contadores import Contadores
from gateway.acceso.identidad import Rechazado

leer_limites = cache(parse_many)
"""Remembered: settings are few, requests many."""
PLAZO_DE_REDIS = 0.25
PAUSA = 5.0
"""Seconds for which a Redis that failed is not asked again; each server counts for itself meanwhile."""


class Limitador:
    """Counts per caller: over all servers with Redis, else over all processes of this one (``archivo``)."""

    def __init__(
        self, redis_url: str | None, archivo: Path | None, api: str = "core", plazo: float = PLAZO_DE_REDIS
    ) -> None:
        """``api``: whose requests these are; in one Redis, too, each API counts for itself.

        ``plazo``: seconds that Redis may take.
        """
        self._aqui = SlidingWindowCounterRateLimiter(Contadores(archivo))
        self._redis: SlidingWindowCounterRateLimiter | None = None
        self._pausa_hasta = float("-inf")
        if redis_url is not None:
            almacen = RedisStorage(redis_url, key_prefix=f"alpes:{api}:limites", protocol=2,
                                   socket_timeout=plazo, socket_connect_timeout=plazo)  # fmt: skip
            self._redis = SlidingWindowCounterRateLimiter(almacen)

    def cabe(self, limite: RateLimitItem, quien: str) -> bool:
        """Count one request; whether it is within the limit."""
        if self._redis is not None and time.monotonic() > self._pausa_hasta:
            try:
                return self._redis.hit(limite, quien)
            except Exception as error:
                # Limits are a courtesy between callers: their storage must not stop the work, whatever it answers.
                self._pausa_hasta = time.monotonic() + PAUSA
                structlog.get_logger().warning("limites_sin_redis", tipo=type(error).__name__)
        return self._aqui.hit(limite, quien)

    def exigir(self, limites: str, quien: str) -> None:
        """Count one request of ``quien``. Raises Rechazado (429, with Retry-After) beyond ``limites``."""
        for limite in leer_limites(limites):
            if not self.cabe(limite, quien):
                segundos = self._espera(limite, quien)
                texto = f"Demasiadas peticiones; vuelva a intentarlo en {segundos} s"
                raise Rechazado(429, "DEMASIADAS_PETICIONES", texto, {"Retry-After": str(segundos)}, actor=quien)

    def _espera(self, limite: RateLimitItem, quien: str) -> int:
        """Whole seconds until one more would be within the limit, if nobody asks meanwhile."""
        con_redis = self._redis is not None and time.monotonic() > self._pausa_hasta
        almacen = cast(SlidingWindowCounterSupport, (self._redis if con_redis and self._redis else self._aqui).storage)
        try:
            previa, _, actual, resto = almacen.get_sliding_window(limite.key_for(quien), limite.get_expiry())
        except Exception:
            return 1
        return espera(limite.amount, limite.get_expiry(), (previa, actual), resto - limite.get_expiry())


def espera(cuantas: int, largo: int, cuentas: tuple[int, int], hasta_el_cambio: float) -> int:
    """Seconds, rounded up, until a window of ``largo`` has room, by the counts of the previous one and this.

    The previous one weighs less and less until this one ends, ``hasta_el_cambio`` seconds from now; and then this
    one does.
    """
    previa, actual = cuentas
    sobra = cuantas - actual
    if sobra > 0 and previa > 0:
        return max(1, math.floor(hasta_el_cambio - sobra * largo / previa) + 1)
    if sobra > 0:
        return 1
    return max(1, math.floor(hasta_el_cambio + largo * (1 - cuantas / actual)) + 1)
