"""What comes in as Prometheus sees it: how many messages wait for each consumer, and what is parked."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.composicion import Sistema
from gateway.config import Config
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.pendientes import llaves_aparcadas, pendientes, topics_oidos

POR_CONSUMIDOR = {"pendientes": "Mensajes sin acuse", "conectados": "Procesos que escuchan"}


def texto(sistema: Sistema, config: Config) -> bytes:
    """Prometheus text, asked for now. Raises DBAPIError when the database can't be reached; a broker may be away."""
    registro = CollectorRegistry(auto_describe=False)
    registro.register(_Consumidores(sistema, config))
    return generate_latest(registro)


class _Consumidores(Collector):
    def __init__(self, sistema: Sistema, config: Config) -> None:
        self._sistema, self._config = sistema, config

    def collect(self) -> Iterator[Metric]:
        """One gauge a figure, a sample a consumer."""
        paradas = GaugeMetricFamily("alpes_mensajes_aparcados", "Llaves aparcadas", labels=["consumidor"])
        cuentas = dict.fromkeys(topics_oidos(self._config), 0) | llaves_aparcadas(self._sistema.motor)
        for nombre, cuantas in cuentas.items():
            paradas.add_metric([nombre], cuantas)
        yield paradas
        try:
            filas = pendientes(self._config)
        except FallaDeBroker:
            return
        for figura, descripcion in POR_CONSUMIDOR.items():
            medida = GaugeMetricFamily(f"alpes_consumidor_{figura}", descripcion, labels=["consumidor"])
            for fila in filas:
                medida.add_metric([fila["nombre"]], fila[figura])
            yield medida
