"""How often a page was at hand, counted over all the processes of one server."""

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.multiprocess import MultiProcessCollector

from bff.application.ports.cache import CachePort
from bff.domain.models.health import CacheHealth

NOMBRE = "alpes_bff_paginas"


class Conteo(CachePort):
    def __init__(self, *, juntos: bool) -> None:
        """``juntos``: this is one of a server's processes, and they count in the folder that the server told."""
        self._juntos, self._propio = juntos, CollectorRegistry()
        self._contador = Counter(NOMBRE, "Páginas servidas de memoria o hechas", ("resultado",), registry=self._propio)
        self._aciertos, self._faltas = self._contador.labels("acierto"), self._contador.labels("falta")

    def acierto(self) -> None:
        self._aciertos.inc()

    def falta(self) -> None:
        self._faltas.inc()

    def contar(self) -> CacheHealth:
        cuentas = {"acierto": 0, "falta": 0}
        registro = self._propio
        if self._juntos:
            registro = CollectorRegistry()
            MultiProcessCollector(registro)  # type: ignore[no-untyped-call]
        for familia in registro.collect():
            for muestra in familia.samples:
                if muestra.name == f"{NOMBRE}_total":
                    cuentas[muestra.labels["resultado"]] += int(muestra.value)
        return CacheHealth.de(cuentas["acierto"], cuentas["falta"])
