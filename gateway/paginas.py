"""What either API shows of itself beside its own routes: its document, as data and as a page, and its figures."""

from pathlib import Path

import flask_swagger_ui  # type: ignore[import-untyped]
from flask import Flask, Response, current_app, request, send_from_directory
from werkzeug.datastructures import MIMEAccept

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


def documentacion() -> Response:
    """The page that shows /spec."""
    pagina = PAGINA.format(raiz=request.root_path)
    return Response(pagina, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLITICA})


def archivo(nombre: str) -> Response:
    """A file of that page."""
    if nombre == "inicio.js":
        return Response(INICIO, content_type="text/javascript; charset=utf-8")
    return send_from_directory(SWAGGER, nombre, max_age=3600)


def prefiere_texto() -> bool:
    """Whether figures are wanted as Prometheus reads them."""
    # A scraper names a version of text/plain, and with a parameter it would be another type.
    aceptados = [(tipo.partition(";")[0].strip(), gusto) for tipo, gusto in request.accept_mimetypes]
    return MIMEAccept(aceptados).best_match(["application/json", "text/plain"]) == "text/plain"


def servir_archivos(app: Flask) -> None:
    """Serve the page's files at ``/docs/…``."""
    app.add_url_rule("/docs/<path:nombre>", view_func=archivo)


def escrito() -> object:
    """The document of the API that answers."""
    return current_app.extensions["documento"]
