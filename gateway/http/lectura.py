"""The read side as Prometheus sees it: how far behind each projection is, and what is parked."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from gateway.composicion import Sistema
from gateway.relevos import relevos
from gateway.retrasos import aparcados, proyecciones, reacciones

POR_LECTOR = {
    "posicion": "Última posición que tomó",
    "retraso_eventos": "Posiciones que le faltan",
    "retraso_segundos": "Edad del próximo evento por tomar, en segundos",
}


def texto(sistema: Sistema) -> bytes:
    """Prometheus text, read from the database now. Raises DBAPIError or OperationalError when it can't be reached."""
    registro = CollectorRegistry(auto_describe=False)
    registro.register(_Lectores(sistema))
    return generate_latest(registro)


class _Lectores(Collector):
    def __init__(self, sistema: Sistema) -> None:
        self._sistema = sistema

    def collect(self) -> Iterator[Metric]:
        """One gauge a figure, a sample a reader of a log."""
        lectores = {
            "proyeccion": (("nombre", "generacion", "situacion", "modulo"), proyecciones(self._sistema)),
            "reaccion": (("nombre", "modulo"), reacciones(self._sistema)),
            "relevo": (("nombre", "modulo"), relevos(self._sistema)),
        }
        for tipo, (etiquetas, filas) in lectores.items():
            for figura, descripcion in POR_LECTOR.items():
                medida = GaugeMetricFamily(f"alpes_{tipo}_{figura}", descripcion, labels=etiquetas)
                for fila in filas:
                    if fila[figura] is not None:
                        medida.add_metric([str(fila[etiqueta]) for etiqueta in etiquetas], fila[figura])
                yield medida
        parados = GaugeMetricFamily("alpes_aparcados", "Streams aparcados", labels=["nombre"])
        nombres = {fila["nombre"] for tipo in ("proyeccion", "reaccion") for fila in lectores[tipo][1]}
        cuentas = dict.fromkeys(sorted(nombres), 0) | aparcados(self._sistema)
        for nombre, cuantos in cuentas.items():
            parados.add_metric([nombre], cuantos)
        yield parados
