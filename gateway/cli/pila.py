"""``levantar`` and ``demo``: everything on this machine, in the foreground."""

import contextlib
import json
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from gateway.cli.espanol import Comando
from gateway.cli.fallas import explicadas
from gateway.config import Config, leer
from gateway.local.errores import FallaLocal

if TYPE_CHECKING:
    from gateway.local.supervisor import Supervisor

ANCHO = 10
_COLORES = {
    "alpes": "green",
    "api": "cyan",
    "trabajador": "magenta",
    "reloj": "yellow",
    "relevo": "blue",
    "consumidor": "blue",
    "pulsar": "blue",
}


SIN_BROKER = click.option(
    "--sin-broker", is_flag=True, help="No inicia Apache Pulsar: los eventos esperan en el registro."
)


@click.command(cls=Comando)
@SIN_BROKER
def levantar(sin_broker: bool) -> None:
    """Inicia todo aquí y lo mantiene en marcha; Ctrl-C lo detiene.

    Sin DB_URL inicia un PostgreSQL propio en ALPES_DIR, y sin PULSAR_BROKER_URL un Apache Pulsar propio.
    """

    from gateway.cli.descarga import descarga
    from gateway.local.pila import levantar as levantar_pila

    def al_estar_lista(config: Config, supervisor: "Supervisor") -> None:
        _anunciar(config)
        supervisor.vigilar()

    with explicadas(), descarga() as avance:
        levantar_pila(leer(), _decir, al_estar_lista, sin_broker=sin_broker, avance=avance)


@click.command(cls=Comando)
@click.option("--salir", is_flag=True, help="Termina cuando el libro está hecho, en vez de seguir en marcha.")
@SIN_BROKER
def demo(salir: bool, sin_broker: bool) -> None:
    """Inicia todo y envía por HTTP un pequeño libro de ejemplo."""

    from gateway.cli.descarga import descarga
    from gateway.local.aparte import aparte
    from gateway.local.pila import levantar as levantar_pila

    def al_estar_lista(config: Config, supervisor: "Supervisor") -> None:
        _anunciar(config)
        libro = aparte(lambda: _escribir_libro(config))
        supervisor.vigilar(hasta=libro.done)
        if libro.done():
            libro.result()
        if not salir:
            supervisor.vigilar()

    with explicadas(), descarga() as avance:
        levantar_pila(leer(), _decir_lo_notable, al_estar_lista, sin_broker=sin_broker, avance=avance)


def _escribir_libro(config: Config) -> None:
    import httpx2
    from stamina.instrumentation import set_on_retry_hooks

    from gateway.cli.libro import Libro
    from gateway.local.direcciones import url_de_api

    # Who died and when it is back is told by the supervisor.
    set_on_retry_hooks(())
    with (
        _credencial(config) as cabeceras,
        httpx2.Client(base_url=url_de_api(config), timeout=10, trust_env=False) as api,
    ):
        api.headers.update(cabeceras)
        Libro(api, lambda linea: _decir("demo", linea), con_procesador=config.procesador == "simulado").escribir()


@contextlib.contextmanager
def _credencial(config: Config) -> Iterator[dict[str, str]]:
    """Where the doors are closed, a key of this run's own; where they are open none, which would close them."""
    from datetime import UTC, datetime, timedelta

    from gateway.acceso.identidad import Rol
    from gateway.acceso.llaves import Llaves, crear, revocar
    from gateway.cli.quien import quien
    from gateway.composicion import construir

    with construir(config, conexiones=2) as sistema:
        if not Llaves(sistema.motor, sistema.reloj).hay():
            if config.acceso.con_tokens:
                raise FallaLocal("La demo no tiene un token: quite AUTH_JWT_SECRET o AUTH_JWKS, o cree antes una llave")
            yield {}
            return
        nombre, en_una_hora = f"demo-{uuid.uuid4().hex[:12]}", datetime.now(UTC) + timedelta(hours=1)
        llave = crear(sistema.motor, nombre, {Rol.OPERADOR}, en_una_hora, quien())
        _decir("demo", f"las puertas están cerradas: la llave «{nombre}» sirve para este libro y se revoca al final")
        try:
            yield {"Authorization": f"Bearer {llave}"}
        finally:
            revocar(sistema.motor, nombre, quien())


def _anunciar(config: Config) -> None:
    from gateway.local.direcciones import url_de_api, url_de_bff

    url = url_de_api(config)
    _decir("alpes", f"listo: API {url} · documentación {url}/docs · Ctrl-C detiene todo")
    _decir("alpes", f"páginas para la interfaz web: {url_de_bff(config)}/dashboard")


def _decir_lo_notable(nombre: str, linea: str) -> None:
    try:
        es_rutina = json.loads(linea).get("level") == "info"
    except (ValueError, AttributeError):
        es_rutina = False
    if not es_rutina:
        _decir(nombre, linea)


def _decir(nombre: str, linea: str) -> None:
    # A reader of this log that goes away must not stop what it was reading about.
    with contextlib.suppress(OSError, ValueError):
        prefijo = click.style(f"{nombre:<{ANCHO}} │", fg=_COLORES.get(nombre, "blue"))
        click.echo(f"{prefijo} {linea}")


COMANDOS = (demo, levantar)
