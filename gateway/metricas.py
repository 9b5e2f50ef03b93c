"""How many requests, how many failed, how long they took: over all worker processes of one server."""

import math
import os
from collections.abc import Iterable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

CARPETA = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder that the processes of one server share; unset, a process counts for itself."""
FINA, POR_RUTA = "alpes_http_duracion_segundos", "alpes_http_duracion_por_ruta_segundos"
RAZON = 1.05
LIMITES = tuple(round(0.0001 * RAZON**paso, 7) for paso in range(274))
"""Upper bounds in seconds, 0.1 ms to one minute, each 5 % above the one before: as close as a percentile can be."""


@dataclass(frozen=True, slots=True)
class Resumen:
    """Times in milliseconds; ``errors`` counts answers 5xx."""

    count: int
    errors: int
    p50: float
    p95: float
    p99: float


class Metricas:
    """What one process saw of its requests, and what all of them saw together."""

    def __init__(self) -> None:
        self._propio = CollectorRegistry()
        self._fina = Histogram(FINA, "Duración de las peticiones HTTP", registry=self._propio, buckets=LIMITES)
        self._por_ruta = Histogram(
            POR_RUTA, "Duración de las peticiones HTTP, por ruta", ("metodo", "ruta", "estado"), registry=self._propio
        )

    def anotar(self, metodo: str, ruta: str, estado: int, segundos: float) -> None:
        """Count one answer. ``ruta`` is the route's pattern, never the address that was asked."""
        self._fina.observe(segundos)
        self._por_ruta.labels(metodo, ruta, str(estado)).observe(segundos)

    def texto(self) -> bytes:
        """Prometheus text, of all the processes."""
        return generate_latest(self._de_todos())

    def resumen(self) -> Resumen:
        """The three percentiles, read from the summed buckets and interpolated inside one."""
        cuentas = dict.fromkeys((*LIMITES, math.inf), 0.0)
        total = errores = 0
        for familia in self._de_todos().collect():
            for muestra in familia.samples:
                if muestra.name == f"{FINA}_bucket":
                    cuentas[float(muestra.labels["le"])] = muestra.value
                elif muestra.name == f"{FINA}_count":
                    total = int(muestra.value)
                elif muestra.name == f"{POR_RUTA}_count" and muestra.labels["estado"].startswith("5"):
                    errores += int(muestra.value)
        p50, p95, p99 = (round(_percentil(cuentas.items(), parte * total) * 1000, 3) for parte in (0.5, 0.95, 0.99))
        return Resumen(total, errores, p50, p95, p99)

    def _de_todos(self) -> CollectorRegistry:
        if CARPETA not in os.environ:
            return self._propio
        juntos = CollectorRegistry()
        MultiProcessCollector(juntos)  # type: ignore[no-untyped-call]
        return juntos


def _percentil(acumuladas: Iterable[tuple[float, float]], rango: float) -> float:
    """The time below which ``rango`` of the requests lie, in seconds."""
    limite_previo = cuenta_previa = 0.0
    for limite, cuenta in acumuladas:
        if cuenta >= rango and cuenta > cuenta_previa:
            if math.isinf(limite):
                return limite_previo
            return limite_previo + (limite - limite_previo) * (rango - cuenta_previa) / (cuenta - cuenta_previa)
        limite_previo, cuenta_previa = limite, cuenta
    return 0.0
