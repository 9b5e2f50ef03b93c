"""The broker's jars: what ``broker/jars.lock`` names, fetched once a machine, used only when their hash is right."""

import configparser
import fcntl
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gateway.local.errores import FallaLocal
from gateway.local.jar import Jar, jars_de_esta_maquina

APARTE = "trayendo-"
"""How the folders begin in which something is on its way."""
A_LA_VEZ = 8
PAUSAS, LARGO = (0.5, 2.0), 5.0
"""Seconds before what did not come is asked for again, unless that took so long."""

Avance = Callable[[int, int], None]
"""Takes how many bytes are here, and of how many. What it raises ends the fetching."""


def asegurar(
    carpeta: Path, avance: Avance, *, jars: list[Jar] | None = None, repositorios: Mapping[str, str] | None = None
) -> list[Path]:
    """The class path of the broker: every jar of the lock in ``carpeta``, the missing and the damaged fetched now.

    What was fetched before an interruption stays. ``repositorios``: where from, by name; None is what jgo is set to
    (Maven Central, and what ``jgo.conf`` adds or puts in its place). Raises FallaLocal.
    """
    jars = jars_de_esta_maquina() if jars is None else jars
    try:
        carpeta.mkdir(parents=True, exist_ok=True)
        faltan = _faltan(jars, carpeta)
        if faltan:
            with _en_turno(carpeta):
                _barrer(carpeta)
                # Whoever had the turn before may have brought them all.
                faltan = _faltan(jars, carpeta)
                _traer(faltan, carpeta, avance, sum(jar.bytes for jar in jars), repositorios)
    except OSError as error:
        # Those of the network are among them, and may name hosts and paths: their kind says enough.
        razon = error.strerror or type(error).__name__
        raise FallaLocal(f"No se pudieron traer los jars de Apache Pulsar a {carpeta}: {razon}") from error
    except (configparser.Error, UnicodeError) as error:
        # It may hold passwords of repositories: nothing of it is told.
        razon = f"no se entiende jgo.conf, de jgo ({type(error).__name__})"
        raise FallaLocal(f"No se pudieron traer los jars de Apache Pulsar: {razon}") from None
    return [carpeta / jar.ruta for jar in jars]


def _barrer(carpeta: Path) -> None:
    """Throw away what those left who were killed while they had the turn."""
    for resto in carpeta.glob(f"{APARTE}*"):
        shutil.rmtree(resto, ignore_errors=True)


def _faltan(jars: list[Jar], carpeta: Path) -> list[Jar]:
    with ThreadPoolExecutor(A_LA_VEZ) as hilos:
        enteros = hilos.map(lambda jar: jar.esta_en(carpeta), jars)
        return [jar for jar, entero in zip(jars, enteros, strict=True) if not entero]


def _traer(
    faltan: list[Jar], carpeta: Path, avance: Avance, total: int, repositorios: Mapping[str, str] | None
) -> None:
    traidos, turno = total - sum(jar.bytes for jar in faltan), threading.Lock()

    def contar(cuantos: int) -> None:
        nonlocal traidos
        with turno:
            traidos += cuantos
            avance(traidos, total)

    with TemporaryDirectory(prefix=APARTE, dir=carpeta) as aparte, ThreadPoolExecutor(A_LA_VEZ) as hilos:
        traer = partial(_traer_uno, carpeta=carpeta, aparte=Path(aparte), repositorios=repositorios, contar=contar)
        # The largest first: the last one is then never the long one.
        tareas = [hilos.submit(traer, jar) for jar in sorted(faltan, key=lambda jar: -jar.bytes)]
        try:
            for tarea in tareas:
                tarea.result()
        except BaseException:
            hilos.shutdown(cancel_futures=True)
            raise


def _traer_uno(
    jar: Jar, *, carpeta: Path, aparte: Path, repositorios: Mapping[str, str] | None, contar: Callable[[int], None]
) -> None:
    # Once a machine, and no other time: it brings much with it.
    from jgo.config import GlobalSettings  # noqa: PLC0415
    from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415
    from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415

    if repositorios is None:
        repositorios = {"central": MAVEN_CENTRAL_URL} | GlobalSettings.load().repositories
    vistos = [0]

    @contextmanager
    def avanza(*_: object) -> Iterator[Callable[[int], None]]:
        def sumar(cuantos: int) -> None:
            vistos[0] += cuantos
            contar(cuantos)

        yield sumar

    lugar = MavenContext(PythonResolver(progress_callback=avanza), aparte, [], dict(repositorios))
    artefacto: Any = lugar.project(jar.grupo, jar.artefacto).at_version(jar.version).artifact(jar.clasificador)

    def olvidar() -> None:
        (aparte / jar.ruta).unlink(missing_ok=True)
        contar(-vistos[0])
        vistos[0] = 0

    try:
        _con_paciencia(artefacto.resolve, olvidar)
    except RuntimeError:
        raise FallaLocal(f"No se encontró {jar.ruta.name} en {', '.join(repositorios)}") from None
    if not jar.esta_en(aparte):
        raise FallaLocal(f"{jar.ruta.name} no es el que se espera: su suma sha256 es otra")
    contar(jar.bytes - vistos[0])
    destino = carpeta / jar.ruta
    destino.parent.mkdir(parents=True, exist_ok=True)
    # By rename: whoever looks meanwhile sees all of it, or none.
    (aparte / jar.ruta).replace(destino)


def _con_paciencia(traer: Callable[[], object], olvidar: Callable[[], None]) -> object:
    """Again when the network stumbles, or a server, which jgo takes for one that hasn't it; not what fails slowly."""
    for pausa in PAUSAS:
        empezo = time.monotonic()
        try:
            return traer()
        except (OSError, RuntimeError):
            if time.monotonic() - empezo > LARGO:
                raise
            olvidar()
            time.sleep(pausa)
    return traer()


@contextmanager
def _en_turno(carpeta: Path) -> Iterator[None]:
    with (carpeta / "candado").open("w") as archivo:
        while True:
            try:
                fcntl.flock(archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.1)
        yield
