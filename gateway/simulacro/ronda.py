"""A drill: under load, each of the four dies at each point where dying could lose or repeat something."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from gateway.composicion import construir
from gateway.config import Config, leer, quedarse_con
from gateway.local.aparte import aparte
from gateway.local.errores import FallaLocal
from gateway.local.pila import levantar, orden_de
from gateway.local.procesos import procesos
from gateway.local.sistema import puerto_libre
from gateway.local.supervisor import Salida, Supervisor
from gateway.pulsar.admin import Administracion
from gateway.puntos import Punto
from gateway.simulacro.carga import Carga
from gateway.simulacro.juicio import juzgar
from gateway.simulacro.proceso import Orden

VICTIMAS = ("relevo", "consumidor", "pulsar", "postgres")
A_MEDIAS = (Punto.A_MEDIO_RELATAR, Punto.A_MEDIO_CONTAR)
VIGILADOS = ("relevo", "consumidor")
"""Those that pass points."""
PLAZO = 120.0
"""Seconds within which a point must have been passed, and the dead have come back."""
ENTREMEDIAS = 8
"""Payments that must be taken between two deaths."""
PASADAS = 4
MIRADA = 0.1


@dataclass(frozen=True, slots=True)
class Ronda:
    """What came of one. ``faltas``: Spanish sentences, none when all that was taken counts, once."""

    semilla: int
    muertes: int
    aceptados: int
    mensajes: int
    segundos: float
    faltas: list[str]


def simular(
    carpeta: Path, rondas: int, semilla: int, *, decir: Salida, al_terminar: Callable[[Ronda], None]
) -> list[Ronda]:
    """Start a stack of its own in ``carpeta``, and hold ``rondas`` drills on it, seeded from ``semilla`` on.

    ``decir`` takes the log of the stack; ``al_terminar`` each round as it ends.
    Raises FallaLocal when there can be no stack with a broker.
    """
    hechas: list[Ronda] = []

    def al_estar_lista(config: Config, supervisor: Supervisor) -> None:
        if config.pulsar_broker_url is None:
            raise FallaLocal("El simulacro necesita el broker, y no se pudo traer")

        def todas() -> None:
            if not _hasta(lambda: _sano(config)):
                raise FallaLocal("El broker no responde")
            for numero in range(semilla, semilla + rondas):
                hechas.append(_ronda(config, numero))
                al_terminar(hechas[-1])

        futuro = aparte(todas)
        supervisor.vigilar(hasta=futuro.done)
        if not futuro.done():
            raise FallaLocal("interrumpido")
        futuro.result()

    # Neither the database nor the broker of anybody is to be hurt.
    puertos = {"API_PORT": str(puerto_libre()), "BFF_PORT": str(puerto_libre())}
    quedarse_con(ALPES_DIR=str(carpeta / "alpes"), **puertos)
    config = leer()
    levantar(config, decir, al_estar_lista, orden=lambda nombre: _orden(config, nombre))
    return hechas


def _ronda(config: Config, semilla: int) -> Ronda:
    azar, empezo = Random(semilla), time.monotonic()  # noqa: S311 - repeatable on purpose
    muertes = [(punto, victima) for victima in VICTIMAS for punto in _puntos(azar)]
    azar.shuffle(muertes)
    faltas: list[str] = []
    with Carga(config, f"simulacro{semilla}", azar) as carga:
        for punto, victima in muertes:
            falta = _matar(config, punto, victima, azar.randint(1, PASADAS)) or _seguir(carga)
            if falta:
                faltas.append(f"{victima}, {punto}: {falta}")
                break
    if not faltas:
        with construir(config, conexiones=4) as sistema:
            faltas = juzgar(sistema, config, carga)
    mensajes = len(carga.creadas) + len(carga.rechazables)
    return Ronda(semilla, len(muertes), len(carga.aceptados), mensajes, time.monotonic() - empezo, faltas)


def _puntos(azar: Random) -> tuple[Punto, ...]:
    return Punto.LEIDO, azar.choice(A_MEDIAS), Punto.CONFIRMADO, Punto.CONTADO


def _matar(config: Config, punto: Punto, victima: str, pasadas: int) -> str | None:
    """Have ``victima`` die at ``punto``, and wait until it is back. What went wrong, if anything."""
    orden = Orden(_archivo(config))
    if not _hasta(lambda: _pid(config, victima) is not None) or (pid := _pid(config, victima)) is None:
        return "no está en marcha"
    orden.dar(punto, pasadas, pid)
    if not _hasta(lambda: not orden.pendiente()):
        orden.retirar()
        return "nadie pasó por ese punto"
    if not _hasta(lambda: _pid(config, victima) not in (None, pid)):
        return "no volvió"
    return None


def _seguir(carga: Carga) -> str | None:
    antes = len(carga.aceptados)
    return None if _hasta(lambda: len(carga.aceptados) >= antes + ENTREMEDIAS) else "no se aceptan más pagos"


def _hasta(condicion: Callable[[], bool]) -> bool:
    limite = time.monotonic() + PLAZO
    while not (listo := condicion()) and time.monotonic() < limite:
        time.sleep(MIRADA)
    return listo


def _sano(config: Config) -> bool:
    administracion = Administracion.de(config)
    if administracion is None:
        return True
    with administracion:
        return administracion.sana()


def _pid(config: Config, nombre: str) -> int | None:
    uno = next((uno for uno in procesos(config.alpes_dir) if uno["nombre"] == nombre), None)
    return uno["pid"] if uno is not None and uno["estado"] == "vivo" else None


def _archivo(config: Config) -> Path:
    return config.alpes_dir.parent / "orden.json"


def _orden(config: Config, nombre: str) -> list[str]:
    if nombre in VIGILADOS:
        return [sys.executable, "-P", "-m", "gateway.simulacro.proceso", str(_archivo(config)), nombre]
    return orden_de(nombre) if nombre in ("api", "trabajador") else []
