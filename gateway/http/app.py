"""The core's HTTP application."""

import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request

from gateway.acceso.documento import mostrar_permisos
from gateway.bitacora import Bitacora
from gateway.composicion import Sistema
from gateway.config import Config
from gateway.documento import Documento, enlazar, ilustrar, leer_ejemplos
from gateway.http import circunstancias, errores, puerta
from gateway.http.cuerpo import CUERPO_MAXIMO
from gateway.http.plano import crear_plano
from gateway.http.rutas import auditoria, campanias, cliente, pagos, sistema
from gateway.metricas import Metricas
from gateway.paginas import servir_archivos

MODULOS = {"cliente": cliente.rutas, "pagos": pagos.rutas, "campanias": campanias.rutas}
EJEMPLOS = Path(__file__).with_name("ejemplos.json")
CREACIONES = {
    "/cliente/registrar": ("/cliente/{id}", "/id"),
    "/pagos/pagar": ("/pagos/{id}", "/id"),
    "/campanias/comandos/crear": ("/campanias/{id}", "/data/idCampania"),
}
"""Where a new thing is found, and where the answer names it."""
SIN_RUTA = "desconocida"
METODOS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def crear_app(
    sistema_: Sistema, config: Config, modulos: Collection[str] = tuple(MODULOS), contadores: Path | None = None
) -> Flask:
    """The API over these applications, ``modulos`` of them (outside names); see ``puerta`` for ``contadores``."""
    app = _con_rutas(modulos)
    app.debug = config.debug
    # One byte more, so that a body without a declared length shows that it is too long.
    app.config["MAX_CONTENT_LENGTH"] = CUERPO_MAXIMO + 1
    app.extensions.update(alpes=sistema_, config=config, metricas=Metricas(), bitacora=Bitacora("api"))
    errores.registrar(app)
    app.before_request(_recibir)
    puerta.poner(app, sistema_, config, contadores)
    app.after_request(_despedir)
    app.wsgi_app = _con_alias(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def documento(modulos: Collection[str] = tuple(MODULOS)) -> Documento:
    """The OpenAPI document of the API that serves ``modulos``; nothing but the code is needed to write it."""
    return dict(_con_rutas(modulos).extensions["documento"])


def _con_rutas(modulos: Collection[str]) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.extensions["modulos"] = frozenset(modulos)
    plano = crear_plano(app)
    for rutas in (*(MODULOS[modulo] for modulo in modulos), auditoria.rutas, sistema.rutas):
        plano.register_blueprint(rutas)
    servir_archivos(app)
    escrito = plano.spec.to_dict()
    mostrar_permisos(escrito, "core")
    ilustrar(escrito, leer_ejemplos(EJEMPLOS))
    for creacion, hallado in CREACIONES.items():
        enlazar(escrito, creacion, *hallado)
    app.extensions["documento"] = {"openapi": escrito["openapi"], "info": escrito["info"], **escrito}
    return app


def _con_alias(wsgi: Any) -> Wsgi:
    """Answer under /v1 too: the core's paths are its version 1."""

    def alias(entorno: dict[str, Any], empezar: Any) -> Iterable[bytes]:
        if entorno["PATH_INFO"].startswith("/v1/"):
            entorno["SCRIPT_NAME"] += "/v1"
            entorno["PATH_INFO"] = entorno["PATH_INFO"][len("/v1") :]
        respuesta: Iterable[bytes] = wsgi(entorno, empezar)
        return respuesta

    return alias


def _recibir() -> None:
    g.empezo = time.perf_counter()
    circunstancias.empezar()


def _despedir(respuesta: Response) -> Response:
    segundos = time.perf_counter() - g.empezo
    # The pattern, never the address: an address may hold what somebody typed.
    ruta = request.url_rule.rule if request.url_rule is not None else SIN_RUTA
    metodo = request.method if request.method in METODOS else "OTRO"
    estado = respuesta.status_code
    respuesta.headers.add("X-Request-Id", g.request_id)
    respuesta.headers.setdefault("Cache-Control", "no-cache")
    extensiones = current_app.extensions
    extensiones["metricas"].anotar(metodo, ruta, estado, segundos)
    ms, rastro = round(segundos * 1000, 2), asdict(g.rastro)
    extensiones["bitacora"].anotar("peticion", metodo=metodo, ruta=ruta, estado=estado, ms=ms, **rastro)
    return respuesta
