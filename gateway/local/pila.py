"""The one-machine stack: what this machine lacks, started in order and kept alive."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from time import monotonic

from gateway.config import RAIZ, Config, para_hijos
from gateway.local.aparte import aparte
from gateway.local.base import completar, comprobar, con_broker
from gateway.local.candado import candado
from gateway.local.direcciones import puertos_propios, responde, url_de_api, url_de_bff
from gateway.local.errores import FallaLocal
from gateway.local.hijo import lanzar
from gateway.local.jars import Avance, asegurar
from gateway.local.postgres import PostgresLocal
from gateway.local.procesos import ARCHIVO
from gateway.local.pulsar import PulsarLocal
from gateway.local.supervisor import Hijo, Salida, Supervisor
from gateway.pulsar.admin import Administracion
from projections.migraciones import migrar

PROCESOS = ("reloj", "trabajador", "api", "bff")
"""In the order of starting; they end in the reverse one, so that nothing is accepted that nobody will carry on."""
CON_BROKER = ("relevo", "consumidor")
"""Those that have nothing to do without one; they start once the API answers, since they wait for the broker anyway."""
SERVICIOS = ("CLIENTE_SERVICE_URL", "PAGOS_SERVICE_URL", "CAMPANIAS_SERVICE_URL")
PLAZO_DE_ARRANQUE = 90.0
"""Seconds until both APIs must have answered once."""
Orden = Callable[[str], list[str]]
"""The command line of a process, by its name; an empty one: it is not started."""


def orden_de(nombre: str) -> list[str]:
    """That of the ``alpes`` command."""
    return [sys.executable, "-P", "-m", "gateway.cli", nombre]


def levantar(
    config: Config,
    decir: Salida,
    al_estar_lista: Callable[[Config, Supervisor], None],
    *,
    sin_broker: bool = False,
    avance: Avance = lambda *_: None,
    orden: Orden = orden_de,
) -> None:
    """Run the whole stack in the foreground; returns when it was asked to end and everything has stopped.

    ``al_estar_lista`` is called once the API answers, and returns when the stack may end. ``avance`` is told how much
    of the broker is here, while it is being fetched. ``orden`` says how each process is started.
    Raises FallaLocal when it can't start; that there is no broker is no reason.
    """
    if sin_broker:
        config = replace(config, pulsar_broker_url=None, pulsar_admin_url=None)
    with candado(config.alpes_dir) as propia, ExitStack() as al_final:
        if not propia:
            raise FallaLocal(f"Ya hay una pila en marcha en {config.alpes_dir}; para otra, ponga otro ALPES_DIR")
        al_final.enter_context(puertos_propios(config))
        supervisor = Supervisor(decir, config.alpes_dir / ARCHIVO)
        supervisor.escuchar_senales()
        try:
            jars = None if sin_broker or config.pulsar_broker_url else _jars(config, supervisor, avance)
            config = _con_base(config, supervisor, decir)
            _migrar(config, supervisor, decir)
            if supervisor.terminando:
                return
            if jars is not None:
                config = _con_broker(config, jars, supervisor, decir)
            decir("alpes", f"iniciando {', '.join(PROCESOS)}")
            _agregar(PROCESOS, config, supervisor, orden)
            _esperar_apis(config, supervisor, con_bff=bool(orden("bff")))
            if not supervisor.terminando:
                _agregar(CON_BROKER if config.pulsar_broker_url else (), config, supervisor, orden)
                al_estar_lista(config, supervisor)
        finally:
            supervisor.parar()


def _con_base(config: Config, supervisor: Supervisor, decir: Salida) -> Config:
    if config.db_url is None:
        decir("alpes", f"iniciando PostgreSQL en {config.alpes_dir}")
        servidor = PostgresLocal(config.alpes_dir)
        supervisor.agregar(Hijo("postgres", lambda _: servidor.arrancar(), senal_de_fin=signal.SIGINT))
        config = completar(config, servidor)
        _entretanto(servidor.esperar, supervisor)
    _entretanto(lambda: comprobar(str(config.db_url)), supervisor)
    return config


def _migrar(config: Config, supervisor: Supervisor, decir: Salida) -> None:
    decir("alpes", "poniendo al día las tablas")
    _entretanto(lambda: migrar(str(config.db_url)), supervisor)


def _entretanto(tarea: Callable[[], None], supervisor: Supervisor) -> None:
    """Do what may have to wait, for a server or for whoever holds a lock there, until the end is asked for."""
    if not supervisor.terminando:
        hecha = aparte(tarea)
        supervisor.vigilar(hasta=hecha.done)
        if hecha.done():
            hecha.result()


def _jars(config: Config, supervisor: Supervisor, avance: Avance) -> "Future[list[Path]]":
    """What the broker is made of, looked for while the database starts."""

    def contar(bytes_: int, de: int) -> None:
        if supervisor.terminando:
            raise FallaLocal("interrumpido")
        avance(bytes_, de)

    return aparte(lambda: asegurar(config.jars_dir, contar))


def _con_broker(config: Config, jars: "Future[list[Path]]", supervisor: Supervisor, decir: Salida) -> Config:
    """``config`` with the embedded broker, which nobody waits for: it takes longer to start than the API."""
    supervisor.vigilar(hasta=jars.done)
    if supervisor.terminando:
        return config
    try:
        broker = PulsarLocal(config.alpes_dir, jars.result())
        supervisor.agregar(Hijo("pulsar", lambda _: broker.arrancar(), sano=lambda: _sano(broker)))
    except FallaLocal as error:
        decir("alpes", f"{error}. Se sigue sin broker: los eventos esperan en el registro")
        return config
    decir("alpes", f"iniciando Apache Pulsar en {broker.url}; su registro es {broker.registro}")
    return con_broker(config, broker)


def _sano(broker: PulsarLocal) -> bool:
    with Administracion(broker.url_admin) as admin:
        return admin.sana()


def _agregar(nombres: Iterable[str], config: Config, supervisor: Supervisor, orden: Orden) -> None:
    for nombre in nombres:
        if linea := orden(nombre):
            supervisor.agregar(Hijo(nombre, _lanzador(linea, config)))


def _lanzador(linea: list[str], config: Config) -> Callable[[int], "subprocess.Popen[bytes]"]:
    # The BFF asks the API of this stack, unless it was told to ask another.
    servicios = dict.fromkeys(SERVICIOS, url_de_api(config))
    entorno = {**servicios, **para_hijos(config), "PYTHONPATH": str(RAIZ), "PYTHONUNBUFFERED": "1"}
    return lambda tubo: lanzar(linea, entorno=entorno, salida=tubo)


def _esperar_apis(config: Config, supervisor: Supervisor, *, con_bff: bool) -> None:
    limite = monotonic() + PLAZO_DE_ARRANQUE
    listas = [f"{url_de_api(config)}/health", *([f"{url_de_bff(config)}/health"] if con_bff else [])]
    respuestas: list[bool] = []

    def basta() -> bool:
        # Another's may answer there, while ours can't start.
        respuestas.append(supervisor.viven(("api", "bff")) and all(map(responde, listas)))
        return respuestas[-1] or monotonic() > limite or bool(sin_arrancar())

    def sin_arrancar() -> list[str]:
        # Without a broker it goes on.
        return [nombre for nombre in supervisor.sin_arrancar if nombre != "pulsar"]

    supervisor.vigilar(hasta=basta)
    if supervisor.terminando or respuestas[-1]:
        return
    if muertos := sin_arrancar():
        raise FallaLocal(f"No arranca: {', '.join(muertos)}; lo de arriba dice por qué")
    raise FallaLocal(f"La API no respondió en {PLAZO_DE_ARRANQUE:.0f} s; lo de arriba dice por qué")
