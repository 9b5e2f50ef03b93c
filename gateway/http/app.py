"""The core's HTTP application."""

import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response, g
from flask.globals import app_ctx, request_ctx

from gateway.acceso.documento import mostrar_permisos
from gateway.acceso.flask import rotulos
from gateway.bitacora import Bitacora
from gateway.composicion import Sistema
from gateway.config import Config
from gateway.cuerpo import CUERPO_MAXIMO
from gateway.documento import Documento, enlazar, ilustrar, leer_ejemplos
from gateway.http import circunstancias, errores, puerta
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
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def crear_app(
    sistema_: Sistema, config: Config, modulos: Collection[str] = tuple(MODULOS), contadores: Path | None = None
) -> Flask:
    """The API over these applications, ``modulos`` of them (outside names); see ``puerta`` for ``contadores``."""
    app = _con_rutas(modulos)
    app.debug = config.debug
    # One byte more, so that a body without a declared length shows that it is too long.
    app.config["MAX_CONTENT_LENGTH"] = CUERPO_MAXIMO + 1
    # No view of ours is a coroutine: there is no need to look whether one is, for each request and hook.
    app.ensure_sync = lambda func: func  # type: ignore[method-assign]
    metricas = Metricas()
    app.extensions.update(alpes=sistema_, config=config, metricas=metricas)
    errores.registrar(app)
    app.before_request(_recibir)
    puerta.poner(app, sistema_, config, contadores)
    app.after_request(_con_despedida(metricas, Bitacora("api")))
    app.wsgi_app = _con_alias(app.wsgi_app)  # type: ignore[method-assign, assignment]
    return app


def documento(modulos: Collection[str] = tuple(MODULOS)) -> Documento:
    """The OpenAPI document of the API that serves ``modulos``; nothing but the code is needed to write it."""
    return dict(_con_rutas(modulos).extensions["documento"])


def _con_rutas(modulos: Collection[str]) -> Flask:
    app = Flask(__name__, static_folder=None)
    # A slash too many is no route: the library would answer with a page, and send whoever asked to http://{Host}.
    app.url_map.merge_slashes = False
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


def _con_despedida(metricas: Metricas, bitacora: Bitacora) -> Callable[[Response], Response]:
    def despedir(respuesta: Response) -> Response:
        # Flask's own names are looked up anew each time that they are said.
        pedido, datos = request_ctx.request, app_ctx.g
        segundos = time.perf_counter() - datos.empezo
        metodo, ruta = rotulos(pedido)
        estado, rastro = respuesta.status_code, datos.rastro
        respuesta.headers.add("X-Request-Id", rastro.request_id)
        if "Cache-Control" not in respuesta.headers:
            respuesta.headers.add("Cache-Control", "no-cache")
        metricas.anotar(metodo, ruta, estado, segundos)
        ms = round(segundos * 1000, 2)
        bitacora.anotar("peticion", metodo=metodo, ruta=ruta, estado=estado, ms=ms, **rastro.ids)
        return respuesta

    return despedir
