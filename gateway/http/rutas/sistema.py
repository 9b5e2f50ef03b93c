"""The process itself over HTTP: is it well, what does it offer, how fast is it."""

import structlog
from flask import Response, current_app

from gateway.documento import dadas
from gateway.http import consumos, lectura
from gateway.http.errores import DESCONECTADO
from gateway.http.esquemas.sistema import Metricas, Salud, SaludCaida
from gateway.http.plano import Rutas
from gateway.http.respuestas import JSON, json
from gateway.http.salud import comprobar
from gateway.paginas import TEXTO_PROMETHEUS, documentacion, escrito, prefiere_texto

rutas = Rutas("sistema", __name__, description="El proceso")


CAIDO = {
    "description": "El almacén no responde, y por qué",
    "headers": dadas("X-Codigo-Error"),
    "content": {JSON: {"schema": SaludCaida}},
}
EN_TEXTO = {"content": {"text/plain": {"schema": {"type": "string"}}}}


@rutas.consulta("/health", Salud(), rechazos=(401, 500), otras={503: CAIDO})
def salud() -> Response:
    """Si el proceso y su almacén responden."""
    try:
        comprobar(current_app.extensions["config"].db_url)
    except DESCONECTADO as error:
        structlog.get_logger().warning("almacen_inalcanzable", tipo=type(error).__name__)
        caido = json({"status": "down", "error": "El almacén no responde"}, 503)
        caido.headers["X-Codigo-Error"] = "ALMACEN_INALCANZABLE"
        return caido
    return json({"status": "up"})


@rutas.consulta("/metrics", Metricas(), rechazos=(401, 500, 503), otras={200: EN_TEXTO})
def metricas() -> Response:
    """Peticiones, errores y tiempos; con Accept: text/plain, en el formato de Prometheus."""
    medidas = current_app.extensions["metricas"]
    if prefiere_texto():
        return Response(medidas.texto() + _de_la_base(), content_type=TEXTO_PROMETHEUS)
    return json(medidas.resumen())


def _de_la_base() -> bytes:
    """How far the readers are, of logs and topics; nothing without a database: the rest is worth showing then."""
    sistema = current_app.extensions["alpes"]
    try:
        return lectura.texto(sistema) + consumos.texto(sistema, current_app.extensions["config"])
    except DESCONECTADO as error:
        structlog.get_logger().warning("retrasos_desconocidos", tipo=type(error).__name__)
        return b""


@rutas.pagina("/spec", "Este documento, OpenAPI 3.1", JSON)
def spec() -> Response:
    """El documento OpenAPI de todas las rutas."""
    return json(escrito())


@rutas.pagina("/docs", "Página HTML", "text/html")
def docs() -> Response:
    """La página que muestra /spec."""
    return documentacion()
