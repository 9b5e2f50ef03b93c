"""The one-machine stack: what this machine lacks, started in order and kept alive."""

import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from time import monotonic

from gateway.config import RAIZ, Config, para_hijos
from gateway.local.base import completar, comprobar
from gateway.local.candado import candado
from gateway.local.errores import FallaLocal
from gateway.local.hijo import lanzar
from gateway.local.postgres import PostgresLocal
from gateway.local.procesos import ARCHIVO
from gateway.local.sistema import direccion_libre
from gateway.local.supervisor import Hijo, Salida, Supervisor
from projections.migraciones import migrar

PROCESOS = ("reloj", "trabajador", "api")
"""In the order of starting; they end in the reverse one, so that nothing is accepted that nobody will carry on."""
PLAZO_DE_ARRANQUE = 30.0
"""Seconds until the API must have answered once."""


def levantar(config: Config, decir: Salida, al_estar_lista: Callable[[Config, Supervisor], None]) -> None:
    """Run the whole stack in the foreground; returns when it was asked to end and everything has stopped.

    ``al_estar_lista`` is called once the API answers, and returns when the stack may end.
    Raises FallaLocal when it can't start.
    """
    with candado(config.alpes_dir) as propia:
        if not propia:
            raise FallaLocal(f"Ya hay una pila en marcha en {config.alpes_dir}; para otra, ponga otro ALPES_DIR")
        direccion_libre(config.api_host, config.api_port)
        supervisor = Supervisor(decir, config.alpes_dir / ARCHIVO)
        supervisor.escuchar_senales()
        try:
            config = _con_base(config, supervisor, decir)
            decir("alpes", "poniendo al día las tablas")
            migrar(str(config.db_url))
            decir("alpes", f"iniciando {', '.join(PROCESOS)}")
            for nombre in PROCESOS:
                supervisor.agregar(Hijo(nombre, _lanzador(nombre, config)))
            _esperar_api(config, supervisor)
            if not supervisor.terminando:
                al_estar_lista(config, supervisor)
        finally:
            supervisor.parar()


def url_de_api(config: Config) -> str:
    """Where this machine reaches the API."""
    anfitrion = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(config.api_host, config.api_host)  # noqa: S104 - read
    return f"http://{anfitrion}:{config.api_port}"


def responde(url: str) -> bool:
    """Whether a GET is answered with a success within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own http URL
            return True
    except (urllib.error.URLError, OSError):
        return False


def _con_base(config: Config, supervisor: Supervisor, decir: Salida) -> Config:
    if config.db_url is None:
        decir("alpes", f"iniciando PostgreSQL en {config.alpes_dir}")
        servidor = PostgresLocal(config.alpes_dir)
        supervisor.agregar(Hijo("postgres", lambda _: servidor.arrancar(), senal_de_fin=signal.SIGINT))
        servidor.esperar()
        config = completar(config, servidor)
    comprobar(str(config.db_url))
    return config


def _lanzador(nombre: str, config: Config) -> Callable[[int], "subprocess.Popen[bytes]"]:
    orden = [sys.executable, "-P", "-m", "gateway.cli", nombre]
    entorno = {**para_hijos(config), "PYTHONPATH": str(RAIZ), "PYTHONUNBUFFERED": "1"}
    return lambda tubo: lanzar(orden, entorno=entorno, salida=tubo)


def _esperar_api(config: Config, supervisor: Supervisor) -> None:
    limite = monotonic() + PLAZO_DE_ARRANQUE
    lista = f"{url_de_api(config)}/health"
    respuestas: list[bool] = []

    def basta() -> bool:
        respuestas.append(responde(lista))
        return respuestas[-1] or monotonic() > limite

    supervisor.vigilar(hasta=basta)
    if not (supervisor.terminando or respuestas[-1]):
        raise FallaLocal(f"La API no respondió en {PLAZO_DE_ARRANQUE:.0f} s; lo de arriba dice por qué")
