"""Rebuild a read model beside the one that serves, compare, switch, and go back."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Engine, text

from projections.motor import generaciones
from projections.motor.cambio import cambiar
from projections.motor.comparacion import Informe
from projections.motor.conduccion import Taller
from projections.motor.cotejo import cotejar, preparar
from projections.motor.generaciones import ACTIVA, DETENIDA, EN_OBRA, GUARDADA, Generacion
from projections.motor.marcha import LISTO
from projections.motor.proyeccion import Proyeccion
from projections.motor.reclamo import conducir, esta_vacia
from projections.motor.seguimiento import PosicionDisputada

T = TypeVar("T")

INTENTOS = 3
"""Times that a rebuild begins to go on by itself."""
CORTESIA = 0.5
"""Seconds for which the database may take to notice that the process of before is dead."""
_FAMILIA = 4_207_432
_RESERVAR = text(f"SELECT pg_try_advisory_lock({_FAMILIA}, hashtext(:nombre))")


class ReconstruccionEnMarcha(RuntimeError):
    """Another process is rebuilding, switching or discarding this read model now."""


class SinGeneracion(LookupError):
    """There is no such read model, or none of the generations asked for."""


class SinCodigo(LookupError):
    """This process has no code of the version that made a generation, so that it can't be brought up to date."""


@dataclass(frozen=True)
class Resultado:
    """``generacion`` is the new one: active when ``motivos`` is empty, else waiting for somebody's consent.

    ``motivos`` are Spanish sentences, each a bound that the comparison passed.
    """

    generacion: Generacion
    informes: tuple[Informe, ...]
    motivos: tuple[str, ...]


def reconstruir(nombre: str, taller: Taller, *, aceptar_diferencias: bool = False) -> Resultado:
    """Build a new generation by the newest code, compare it with the active one at one position, and switch.

    What passes the bounds of ``motivos_para_parar`` stops it in state DETENIDA, unless ``aceptar_diferencias``. The
    one that was active is kept. Killed at any point, the same call goes on, or starts clean when the code is newer.
    Raises SinGeneracion, ReconstruccionEnMarcha, ActivaDetenida, PosicionDisputada when workers took it over again and
    again, and the driver's errors; then too the same call goes on.
    """
    codigo = _vigente(nombre, taller.proyecciones)
    with _en_exclusiva(taller.motor, nombre):
        return _insistir(lambda: _construir(codigo, taller, aceptar_diferencias))


def volver(nombre: str, taller: Taller, numero: int | None = None) -> Generacion:
    """Switch back to a kept generation, by default the one that was active last; return it.

    Raises SinGeneracion, SinCodigo, ReconstruccionEnMarcha, ActivaDetenida.
    """
    with _en_exclusiva(taller.motor, nombre):
        activa, otras = _separar(taller.motor, nombre)
        guardadas = [una for una in otras if una.estado == GUARDADA and numero in (None, una.numero)]
        if not guardadas:
            raise SinGeneracion(f"{nombre} no guarda {'otra generación' if numero is None else f'la {numero}'}")
        guardada = max(guardadas, key=lambda una: (una.activada_en is not None, una.activada_en))
        codigo = generaciones.con_codigo(taller.proyecciones, guardada)
        if codigo is None:
            raise SinCodigo(f"{guardada}: aquí no está el código de esa versión, y no se puede poner al día")
        _insistir(lambda: _reponer(taller, activa, guardada, codigo))
        return _buscar(taller.motor, guardada)


def descartar(nombre: str, motor: Engine, numero: int | None = None) -> list[Generacion]:
    """Drop what is kept or half built beside the active generation: all, or one by number. Returns what was.

    Raises SinGeneracion when there is none, ReconstruccionEnMarcha.
    """
    with _en_exclusiva(motor, nombre):
        _, otras = _separar(motor, nombre)
        sobran = [una for una in otras if numero in (None, una.numero)]
        if not sobran:
            raise SinGeneracion(
                f"{nombre} no tiene {'nada' if numero is None else f'la generación {numero}'} que descartar"
            )
        for una in sobran:
            with motor.begin() as conexion:
                generaciones.quitar(conexion, una)
        return sobran


def _construir(codigo: Proyeccion, taller: Taller, aceptar_diferencias: bool) -> Resultado:
    activa, nueva = _empezar(taller.motor, codigo)
    with conducir(taller, activa, nueva, codigo) as obra:
        obra.acercar()
        preparar(taller, obra, nueva)
        # What never took anything in is nothing to compare with, and nothing to keep.
        informes, motivos = ((), ()) if obra.estrena else cotejar(taller, obra, activa, nueva)
        if motivos and not aceptar_diferencias:
            with taller.motor.begin() as conexion:
                generaciones.marcar(conexion, nueva, DETENIDA)
            return Resultado(_buscar(taller.motor, nueva), informes, motivos)
        cambiar(taller.motor, activa, nueva, obra.igualar, obra.esperando)
        obra.avisar(LISTO)
    if obra.estrena:
        _quitar_si_sigue_vacia(taller.motor, activa)
    return Resultado(_buscar(taller.motor, nueva), informes, ())


def _reponer(taller: Taller, activa: Generacion, guardada: Generacion, codigo: Proyeccion) -> None:
    with conducir(taller, activa, guardada, codigo) as obra:
        obra.acercar()
        cambiar(taller.motor, activa, guardada, obra.igualar, obra.esperando)
        obra.avisar(LISTO)


def _insistir(accion: Callable[[], T]) -> T:
    """Go on when this process was stopped for so long that a worker took its generation over."""
    for _ in range(INTENTOS - 1):
        with suppress(PosicionDisputada):
            return accion()
    return accion()


def _empezar(motor: Engine, codigo: Proyeccion) -> tuple[Generacion, Generacion]:
    """The active generation and the one to build: the one left half way by the same code, else a new one."""
    activa, otras = _separar(motor, codigo.nombre)
    for otra in (una for una in otras if una.estado in (EN_OBRA, DETENIDA)):
        with motor.begin() as conexion:
            if otra.version == codigo.version:
                generaciones.marcar(conexion, otra, EN_OBRA)
                return activa, otra
            generaciones.quitar(conexion, otra)
    numero = max(una.numero for una in (activa, *otras)) + 1
    with motor.begin() as conexion:
        generaciones.agregar(conexion, codigo, numero, f"{codigo.nombre}_g{numero}", EN_OBRA)
    _, otras = _separar(motor, codigo.nombre)
    return activa, otras[-1]


def _quitar_si_sigue_vacia(motor: Engine, sale: Generacion) -> None:
    salida = _buscar(motor, sale)
    if esta_vacia(motor, salida):
        with motor.begin() as conexion:
            generaciones.quitar(conexion, salida)


def _separar(motor: Engine, nombre: str) -> tuple[Generacion, list[Generacion]]:
    with motor.connect() as conexion:
        todas = generaciones.de(conexion, nombre)
    activa = next((una for una in todas if una.estado == ACTIVA), None)
    if activa is None:
        raise SinGeneracion(f"{nombre} no tiene tablas: ejecute alpes migrar")
    return activa, [una for una in todas if una.estado != ACTIVA]


def _buscar(motor: Engine, generacion: Generacion) -> Generacion:
    with motor.connect() as conexion:
        return next(una for una in generaciones.de(conexion, generacion.proyeccion) if una.numero == generacion.numero)


def _vigente(nombre: str, proyecciones: Sequence[Proyeccion]) -> Proyeccion:
    for una in generaciones.vigentes(proyecciones):
        if una.nombre == nombre:
            return una
    raise SinGeneracion(f"no hay ninguna proyección {nombre}")


@contextmanager
def _en_exclusiva(motor: Engine, nombre: str) -> Iterator[None]:
    with motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        conexion.detach()
        limite = time.monotonic() + CORTESIA
        while not conexion.scalar(_RESERVAR, {"nombre": nombre}):
            if time.monotonic() > limite:
                raise ReconstruccionEnMarcha(f"otro proceso está trabajando con {nombre}")
            time.sleep(0.02)
        yield
