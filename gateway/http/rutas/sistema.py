"""The process itself over HTTP: is it well, what does it offer, how fast is it."""

from pathlib import Path

import flask_swagger_ui  # type: ignore[import-untyped]
import structlog
from flask import Response, current_app, request, send_from_directory
from werkzeug.datastructures import MIMEAccept

from gateway.http import consumos, lectura
from gateway.http.errores import DESCONECTADO
from gateway.http.esquemas.sistema import Metricas, Salud
from gateway.http.plano import Rutas
from gateway.http.respuestas import JSON, json
from gateway.http.salud import comprobar

TEXTO_PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
SWAGGER = Path(flask_swagger_ui.__file__).parent / "dist"
PAGINA = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><title>Alpes Partners</title>
<link rel="icon" href="{raiz}/docs/favicon-32x32.png"><link rel="stylesheet" href="{raiz}/docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="{raiz}/docs/swagger-ui-bundle.js"></script><script src="{raiz}/docs/inicio.js"></script></body></html>
"""
INICIO = 'SwaggerUIBundle({url: new URL("../spec", document.currentScript.src).href, dom_id: "#swagger-ui"});'
POLITICA = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
"""Swagger UI writes style attributes; nothing comes from elsewhere."""
rutas = Rutas("sistema", __name__, description="El proceso")


@rutas.consulta("/health", Salud(), rechazos=(401, 500, 503))
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


@rutas.consulta("/metrics", Metricas(), rechazos=(401, 500), texto=True)
def metricas() -> Response:
    """Peticiones, errores y tiempos; con Accept: text/plain, en el formato de Prometheus."""
    medidas = current_app.extensions["metricas"]
    if _prefiere_texto():
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
    return json(current_app.extensions["documento"])


@rutas.pagina("/docs", "Página HTML", "text/html")
def docs() -> Response:
    """La página que muestra /spec."""
    pagina = PAGINA.format(raiz=request.root_path)
    return Response(pagina, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLITICA})


def _prefiere_texto() -> bool:
    # A scraper names a version of text/plain, and with a parameter it would be another type.
    aceptados = [(tipo.partition(";")[0].strip(), gusto) for tipo, gusto in request.accept_mimetypes]
    return MIMEAccept(aceptados).best_match(["application/json", "text/plain"]) == "text/plain"


def archivo(nombre: str) -> Response:
    """A file of Swagger UI."""
    if nombre == "inicio.js":
        return Response(INICIO, content_type="text/javascript; charset=utf-8")
    return send_from_directory(SWAGGER, nombre, max_age=3600)
