"""Rebuild a read model beside the one that serves, compare, switch, and go back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from projections.motor import generaciones
from projections.motor.cambio import cambiar
from projections.motor.comparacion import Informe
from projections.motor.conduccion import Taller
from projections.motor.cotejo import cotejar, preparar
from projections.motor.exclusiva import en_exclusiva
from projections.motor.generaciones import ACTIVA, DETENIDA, EN_OBRA, GUARDADA, Generacion
from projections.motor.marcha import LISTO
from projections.motor.proyeccion import Proyeccion
from projections.motor.reclamo import conducir, esta_vacia, insistir

GUARDADAS = 2
"""Generations of before that are kept when there is a new one, unless told: each takes disk, and a follower."""


class SinGeneracion(LookupError):
    """There is no such read model, or none of the generations asked for."""


class SinCodigo(LookupError):
    """This process has no code of the version that made a generation, so that it can't be brought up to date."""


@dataclass(frozen=True)
class Resultado:
    """``generacion`` is the new one: active when ``motivos`` is empty, else waiting for somebody's consent.

    ``motivos`` are Spanish sentences, each a bound that the comparison passed. ``descartadas`` were kept
    for long enough. ``sigue_la_de_antes``: whether the code of the one that was active is here, to follow it and to
    go back.
    """

    generacion: Generacion
    informes: tuple[Informe, ...]
    motivos: tuple[str, ...]
    descartadas: tuple[Generacion, ...] = ()
    sigue_la_de_antes: bool = True


def reconstruir(
    nombre: str, taller: Taller, *, aceptar_diferencias: bool = False, guardar: int = GUARDADAS
) -> Resultado:
    """Build a new generation by the newest code, compare it with the active one at one position, and switch.

    What passes the bounds of ``motivos_para_parar`` stops it in state DETENIDA, unless ``aceptar_diferencias``. The one
    that was active is kept; of those of before, ``guardar`` with it at most. Killed at any point, the same call goes
    on, or starts clean when the code is newer. Raises SinGeneracion, ReconstruccionEnMarcha, ActivaDetenida,
    PosicionDisputada when workers took it over again and again, and the driver's errors; then too the same call goes
    on.
    """
    codigo = vigente(nombre, taller.proyecciones)
    with en_exclusiva(taller.motor, nombre):
        resultado = insistir(lambda: _construir(codigo, taller, aceptar_diferencias))
        if resultado.motivos:
            return resultado
        return replace(resultado, descartadas=_descartar_las_mas_viejas(taller.motor, nombre, guardar))


def volver(nombre: str, taller: Taller, numero: int | None = None) -> Generacion:
    """Switch back to a kept generation, by default the one that was active last; return it.

    Raises SinGeneracion, SinCodigo, ReconstruccionEnMarcha, ActivaDetenida.
    """
    with en_exclusiva(taller.motor, nombre):
        activa, otras = separar(taller.motor, nombre)
        guardadas = [una for una in _guardadas(otras) if numero in (None, una.numero)]
        if not guardadas:
            raise SinGeneracion(f"{nombre} no guarda {'otra generación' if numero is None else f'la {numero}'}")
        guardada = guardadas[-1]
        codigo = generaciones.con_codigo(taller.proyecciones, guardada)
        if codigo is None:
            raise SinCodigo(f"{guardada}: aquí no está el código de esa versión, y no se puede poner al día")
        insistir(lambda: _reponer(taller, activa, guardada, codigo))
        return _buscar(taller.motor, guardada)


def descartar(nombre: str, motor: Engine, numero: int | None = None) -> list[Generacion]:
    """Drop what is kept or half built beside the active generation: all, or one by number. Returns what was.

    Raises SinGeneracion when there is none, ReconstruccionEnMarcha.
    """
    with en_exclusiva(motor, nombre):
        _, otras = separar(motor, nombre)
        sobran = [una for una in otras if numero in (None, una.numero)]
        if not sobran:
            raise SinGeneracion(
                f"{nombre} no tiene {'nada' if numero is None else f'la generación {numero}'} que descartar"
            )
        _quitar(motor, sobran)
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
    sigue = generaciones.con_codigo(taller.proyecciones, activa) is not None
    return Resultado(_buscar(taller.motor, nueva), informes, (), sigue_la_de_antes=sigue)


def _reponer(taller: Taller, activa: Generacion, guardada: Generacion, codigo: Proyeccion) -> None:
    with conducir(taller, activa, guardada, codigo) as obra:
        obra.acercar()
        cambiar(taller.motor, activa, guardada, obra.igualar, obra.esperando)
        obra.avisar(LISTO)


def _empezar(motor: Engine, codigo: Proyeccion) -> tuple[Generacion, Generacion]:
    """The active generation and the one to build: the one left half way by the same code, else a new one."""
    activa, otras = separar(motor, codigo.nombre)
    for otra in (una for una in otras if una.estado in (EN_OBRA, DETENIDA)):
        with motor.begin() as conexion:
            if otra.version == codigo.version:
                generaciones.marcar(conexion, otra, EN_OBRA)
                return activa, otra
            generaciones.quitar(conexion, otra)
    numero = max(una.numero for una in (activa, *otras)) + 1
    with motor.begin() as conexion:
        generaciones.agregar(conexion, codigo, numero, f"{codigo.nombre}_g{numero}", EN_OBRA)
    _, otras = separar(motor, codigo.nombre)
    return activa, otras[-1]


def _quitar_si_sigue_vacia(motor: Engine, sale: Generacion) -> None:
    salida = _buscar(motor, sale)
    if esta_vacia(motor, salida):
        with motor.begin() as conexion:
            generaciones.quitar(conexion, salida)


def _guardadas(otras: Sequence[Generacion]) -> list[Generacion]:
    """Those that were active before, the last one at the end."""
    guardadas = (una for una in otras if una.estado == GUARDADA)
    return sorted(guardadas, key=lambda una: (una.activada_en is not None, una.activada_en))


def _descartar_las_mas_viejas(motor: Engine, nombre: str, guardar: int) -> tuple[Generacion, ...]:
    _, otras = separar(motor, nombre)
    sobran = _guardadas(otras)[:-guardar]
    _quitar(motor, sobran)
    return tuple(sobran)


def _quitar(motor: Engine, sobran: Sequence[Generacion]) -> None:
    for una in sobran:
        with motor.begin() as conexion:
            generaciones.quitar(conexion, una)


def separar(motor: Engine, nombre: str) -> tuple[Generacion, list[Generacion]]:
    """The active generation of a read model, and the others. Raises SinGeneracion when it has no tables."""
    with motor.connect() as conexion:
        todas = generaciones.de(conexion, nombre)
    activa = next((una for una in todas if una.estado == ACTIVA), None)
    if activa is None:
        raise SinGeneracion(f"{nombre} no tiene tablas: ejecute alpes migrar")
    return activa, [una for una in todas if una.estado != ACTIVA]


def _buscar(motor: Engine, generacion: Generacion) -> Generacion:
    with motor.connect() as conexion:
        return next(una for una in generaciones.de(conexion, generacion.proyeccion) if una.numero == generacion.numero)


def vigente(nombre: str, proyecciones: Sequence[Proyeccion]) -> Proyeccion:
    """The newest version of a read model. Raises SinGeneracion when there is none of that name."""
    for una in generaciones.vigentes(proyecciones):
        if una.nombre == nombre:
            return una
    raise SinGeneracion(f"no hay ninguna proyección {nombre}")
