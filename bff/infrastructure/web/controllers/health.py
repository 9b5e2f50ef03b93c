"""How the BFF is doing."""

from flask import Response

from bff.infrastructure.web.circunstancias import contenedor, correr
from bff.infrastructure.web.respuestas import Vista, escribir, json, responder, sin_vacios
from bff.infrastructure.web.rutas import Rutas
from bff.infrastructure.web.schemas.salud import Salud

rutas = Rutas("health", __name__, description="El proceso")


@rutas.sondeo("/health", Salud())
def ver() -> Response:
    """El estado del BFF y de los servicios de los que depende."""
    salud = correr(contenedor().ver_salud.ejecutar())
    services = {nombre: sin_vacios(uno, "note") for nombre, uno in salud.services.items()}
    cuerpo = sin_vacios(salud) | {"services": services}
    return responder(escribir(Vista(cuerpo), claro=True)) if salud.sirve else json(cuerpo, 503)
