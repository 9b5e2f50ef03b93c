"""The BFF's HTTP application."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_compress import Compress
from flask_cors import CORS
from sqlalchemy import Engine

from bff.domain.exceptions import ServicioLento
from bff.infrastructure.adapters.almacen import Almacen, EnMemoria, EnRedis
from bff.infrastructure.adapters.conteo import Conteo
from bff.infrastructure.adapters.vigencia import Vigencia
from bff.infrastructure.config import Ajustes, leer_ajustes
from bff.infrastructure.contenedor import construir
from bff.infrastructure.plazo import abrir_plazo, cerrar_plazo, queda
from bff.infrastructure.web import circunstancias, errores
from bff.infrastructure.web.controllers import campanias, clientes, dashboard, health, pagos, search, sistema
from bff.infrastructure.web.paginas import Paginas
from bff.infrastructure.web.plano import crear_plano
from bff.infrastructure.web.rutas import PREFIJO
from gateway.acceso.documento import mostrar_permisos
from gateway.acceso.flask import proteger, rotulos
from gateway.acceso.puerta import Puerta
from gateway.bitacora import Bitacora
from gateway.cuerpo import CUERPO_MAXIMO
from gateway.documento import ilustrar, leer_ejemplos
from gateway.entrada import LLEGADA
from gateway.metricas import Metricas
from gateway.paginas import servir_archivos

EJEMPLOS = Path(__file__).with_name("ejemplos.json")
CONTROLADORES = (dashboard, clientes, pagos, campanias, search, health)
EXPUESTAS = (
    "X-Posicion", "X-Version", "X-Request-Id", "X-Codigo-Error", "ETag", "Location", "Retry-After",
    "Idempotent-Replayed",
)  # fmt: skip
"""What a page of another site may read of an answer."""
PEDIDAS = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Posicion-Minima",
           "X-Request-Id", "X-Correlation-Id", "traceparent", "tracestate")  # fmt: skip


def create_bff_app(ajustes: Ajustes | None = None, contadores: Path | None = None) -> Flask:
    """The BFF over ``ajustes``, or over those of the environment. Its ``extensions["contenedor"]`` is to be closed.

    ``contadores``: a file by which the processes of one server count requests together.
    """
    if ajustes is None:
        ajustes = leer_ajustes()[0]
    app = Flask(__name__, static_folder=None)
    app.debug, app.secret_key = ajustes.debug, ajustes.secret_key
    # One byte more, so that a body without a declared length shows that it is too long.
    app.config["MAX_CONTENT_LENGTH"] = CUERPO_MAXIMO + 1
    conteo = Conteo(juntos=contadores is not None)
    contenedor = construir(ajustes, conteo)
    hechas = _paginas(ajustes, contenedor.motor_de_marcas, conteo)
    app.extensions.update(
        ajustes=ajustes, contenedor=contenedor, paginas=hechas, metricas=Metricas(), bitacora=Bitacora("bff")
    )
    app.before_request(_recibir)
    puerta = Puerta(ajustes.acceso, contenedor.motor_de_marcas, _ahora, contadores, "bff")
    proteger(app, puerta, api="bff", dar_error=errores.dar_error)
    errores.registrar(app)
    _escuchar_de_otros_sitios(app, ajustes)
    app.config.update(COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False, COMPRESS_STREAMS=False)
    Compress(app)
    app.extensions["documento"] = _con_rutas(app)
    app.after_request(_despedir)
    app.teardown_request(_soltar)
    return app


def documento() -> dict[str, Any]:
    """The OpenAPI document of the BFF; nothing but the code is needed to write it."""
    return _con_rutas(Flask(__name__, static_folder=None))


def _con_rutas(app: Flask) -> dict[str, Any]:
    # A slash too many is no route: the library would answer with a page, and send whoever asked to http://{Host}.
    app.url_map.merge_slashes = False
    plano = crear_plano(app)
    for controlador in CONTROLADORES:
        plano.register_blueprint(controlador.rutas, url_prefix=PREFIJO)
    plano.register_blueprint(sistema.rutas)
    servir_archivos(app)
    escrito = dict(plano.spec.to_dict())
    mostrar_permisos(escrito, "bff")
    ilustrar(escrito, leer_ejemplos(EJEMPLOS))
    return {"openapi": escrito["openapi"], "info": escrito["info"], **escrito}


def _paginas(ajustes: Ajustes, motor: Engine, conteo: Conteo) -> Paginas:
    almacen: Almacen | None = None
    if ajustes.cache_timeout > 0:
        almacen = EnMemoria(ajustes.cache_timeout)
        if ajustes.acceso.redis_url is not None:
            almacen = EnRedis(ajustes.acceso.redis_url, ajustes.db_url, ajustes.cache_timeout)
    olvidar = almacen.olvidar if almacen is not None else lambda _: None
    return Paginas(almacen, Vigencia(motor, olvidar), conteo, ajustes.request_timeout, circunstancias.ceder)


def _escuchar_de_otros_sitios(app: Flask, ajustes: Ajustes) -> None:
    if ajustes.cors_origins:
        CORS(
            app,
            origins=list(ajustes.cors_origins),
            methods=["GET", "POST", "OPTIONS"],
            allow_headers=list(PEDIDAS),
            expose_headers=list(EXPUESTAS),
            max_age=600,
        )


def _recibir() -> None:
    g.empezo = time.perf_counter()
    circunstancias.empezar()
    # The time that it waited for its turn is the caller's, too.
    segundos = circunstancias.contenedor().segundos
    g.plazo = abrir_plazo(segundos, request.environ.get(LLEGADA))
    if not queda(segundos):
        raise ServicioLento("BFF")


def _soltar(_: Any) -> None:
    cerrar_plazo(g.pop("plazo", None))


def _despedir(respuesta: Response) -> Response:
    segundos = time.perf_counter() - g.empezo
    (metodo, ruta), estado = rotulos(request), respuesta.status_code
    respuesta.headers["X-Request-Id"] = g.request_id
    respuesta.headers.setdefault("Cache-Control", "no-store")
    current_app.extensions["metricas"].anotar(metodo, ruta, estado, segundos)
    ms, rastro = round(segundos * 1000, 2), g.rastro.ids
    current_app.extensions["bitacora"].anotar("peticion", metodo=metodo, ruta=ruta, estado=estado, ms=ms, **rastro)
    return respuesta


def _ahora() -> datetime:
    return datetime.now(UTC)
