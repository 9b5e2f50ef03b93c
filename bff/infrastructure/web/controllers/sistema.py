"""The BFF about itself: what it offers, and how fast it is."""

from flask import Response, current_app
from marshmallow import Schema, fields

from bff.infrastructure.web.respuestas import JSON, a_json
from bff.infrastructure.web.rutas import Rutas
from gateway.paginas import TEXTO_PROMETHEUS, documentacion, escrito, prefiere_texto

rutas = Rutas("sistema", __name__, description="Lo que el BFF dice de sí mismo")


class Metricas(Schema):
    """Tiempos en milisegundos, de todos los procesos del servidor; errors son las respuestas 5xx."""

    count = fields.Integer(required=True)
    errors = fields.Integer(required=True)
    p50 = fields.Float(required=True)
    p95 = fields.Float(required=True)
    p99 = fields.Float(required=True)


@rutas.pagina("/spec", {JSON: {"type": "object"}})
def spec() -> Response:
    """El documento OpenAPI de todas las rutas."""
    return Response(a_json(escrito()), content_type=JSON)


@rutas.pagina("/docs", {"text/html": {"type": "string"}})
def docs() -> Response:
    """La página que muestra /spec."""
    return documentacion()


@rutas.pagina("/metrics", {JSON: Metricas(), "text/plain": {"type": "string"}})
def metricas() -> Response:
    """Peticiones, errores y tiempos; con Accept: text/plain, en el formato de Prometheus."""
    medidas = current_app.extensions["metricas"]
    if prefiere_texto():
        return Response(medidas.texto(), content_type=TEXTO_PROMETHEUS)
    return Response(a_json(medidas.resumen()), content_type=JSON)
