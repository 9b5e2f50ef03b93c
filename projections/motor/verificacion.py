"""The proof that tables = replay: fold the log again, and compare row by row with what readers see."""

import math
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, text

from projections.motor import generaciones
from projections.motor.cambio import GeneracionMovida
from projections.motor.comparacion import Informe, comparar
from projections.motor.conduccion import Taller
from projections.motor.conexion import conexion_propia
from projections.motor.generaciones import ACTIVA, PUBLICO, Generacion
from projections.motor.hallazgos import Hallazgo, Rastro
from projections.motor.marcha import COMPARAR, CONSTRUIR, Avance
from projections.motor.muestra import LogDeMuestra, comparar_muestra, elegir
from projections.motor.obra import deshacer, doblar_en, recoger_abandonados
from projections.motor.proyeccion import Proyeccion
from projections.motor.quietud import CERCA, lejos, quieta
from projections.motor.reconstruccion import SinCodigo, separar
from projections.motor.tabla import Tabla

INTENTOS = 3
"""How often it begins again because the tables were switched under it."""
_APARCADOS = "SELECT count(*) FROM {}.aparcados WHERE proyeccion = :nombre AND generacion = :numero"


@dataclass(frozen=True)
class Verificacion:
    """What came out. ``posiciones``, by application, are where both sides stood; ``muestra`` is how many keys of each
    table were asked for, None for all. ``sin_comparar`` are tables and columns that a sample says nothing about.

    In ``informes`` and ``hallazgos`` "before" is the live table and "after" what the events make.
    ``aparcados``: streams left out of the live tables, and of what was folded now.
    """

    generacion: Generacion
    posiciones: dict[str, int]
    muestra: int | None
    informes: tuple[Informe, ...]
    hallazgos: tuple[Hallazgo, ...]
    sin_comparar: tuple[str, ...]
    aparcados: tuple[int, int]

    @property
    def iguales(self) -> bool:
        return all(uno.iguales and not uno.columnas_nuevas and not uno.columnas_quitadas for uno in self.informes)


def verificar(nombre: str, taller: Taller, muestra: int | None = None) -> Verificacion:
    """Fold the active generation's logs again in a scratch schema, dropped whatever happens, and compare.

    ``muestra``: compare only so many keys of each table, folding only their streams. Live tables are followed and
    read meanwhile; their follower waits only for the last few events. Raises SinGeneracion, SinCodigo,
    GeneracionMovida when the tables are switched again and again, and the driver's errors.
    """
    recoger_abandonados(taller.motor)
    for _ in range(INTENTOS - 1):
        with suppress(GeneracionMovida):
            return _una_vez(nombre, taller, muestra)
    return _una_vez(nombre, taller, muestra)


def _una_vez(nombre: str, taller: Taller, muestra: int | None) -> Verificacion:
    activa, codigo = _activa(nombre, taller)
    esquema = f"verificar_{nombre}_{secrets.token_hex(4)}"
    try:
        return _Cotejo(taller, activa, codigo, esquema, muestra).hacer()
    finally:
        deshacer(taller.motor, esquema)


def _activa(nombre: str, taller: Taller) -> tuple[Generacion, Proyeccion]:
    activa, _ = separar(taller.motor, nombre)
    codigo = generaciones.con_codigo(taller.proyecciones, activa)
    if codigo is None:
        raise SinCodigo(f"{activa}: este programa no tiene el código de esa versión")
    return activa, codigo


class _Cotejo:
    def __init__(
        self, taller: Taller, activa: Generacion, codigo: Proyeccion, esquema: str, muestra: int | None
    ) -> None:
        self._taller, self._activa, self._esquema, self._muestra = taller, activa, esquema, muestra
        self._completo = codigo
        # What follows from other streams too can't be told from some of them.
        self._codigo = codigo if muestra is None else replace(codigo, derivacion=None, derivadas=())
        self._streams: dict[str, set[str]] = {}

    def hacer(self) -> Verificacion:
        if self._muestra is not None:
            with self._taller.motor.connect() as conexion:
                posiciones = generaciones.posiciones(conexion, self._activa)
                self._streams = elegir(conexion, self._codigo, self._taller.logs, posiciones, self._muestra)
        visto = self._comparar()
        if not visto.iguales and self._posiciones() != visto.posiciones:
            # A person forgotten a moment ago is so in what was folded already, and in the tables with the next batch.
            visto = self._comparar()
        return visto

    def _comparar(self) -> Verificacion:
        self._acercar()
        self._preparar()
        with self._foto() as (foto, posiciones):
            self._taller.avance(Avance(self._activa.proyeccion, COMPARAR, 1, 1, 0))
            cursor: Any = foto.connection.cursor()
            informes = tuple(self._comparar_una(cursor, tabla) for tabla in self._codigo.tablas)
            rastro = Rastro(cursor, self._completo, self._esquema, self._taller.logs, posiciones)
            tablas = {tabla.nombre: tabla for tabla in self._codigo.tablas}
            hallazgos = [rastro.seguir(tablas[informe.tabla], una) for informe in informes for una in informe.muestra]
            aparcados = self._aparcados(foto)
        return Verificacion(
            self._activa, posiciones, self._muestra, informes, tuple(hallazgos), self._sin_comparar(), aparcados
        )

    def _acercar(self) -> None:
        """Fold until next to nothing is missing, or no less than the time before."""
        falta = math.inf
        while True:
            metas = self._posiciones()
            self._doblar(metas)
            antes, falta = falta, lejos(self._posiciones(), metas)
            if falta < CERCA or falta > antes / 2:
                return

    def _doblar(self, metas: Mapping[str, int], tras_lote: Callable[[], None] | None = None) -> None:
        taller, logs = self._taller, self._taller.logs
        if self._muestra is not None:
            logs = {una: LogDeMuestra(logs[una], self._streams[una], meta) for una, meta in metas.items()}
        doblar_en(
            self._esquema, self._codigo, logs, taller.motor, metas,
            avance=self._avisar, freno=tras_lote or taller.freno, limite=taller.limite,
        )  # fmt: skip

    def _avisar(self, avance: Avance) -> None:
        if avance.fase == CONSTRUIR:
            self._taller.avance(avance)

    @contextmanager
    def _foto(self) -> Iterator[tuple[Connection, dict[str, int]]]:
        """A snapshot in which live tables and folded ones stand at the same positions, which it tells."""
        motor = self._taller.motor
        with conexion_propia(motor, PUBLICO) as foto, foto.begin():
            foto.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            foto.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
            with quieta(motor, self._activa, self._doblar) as posiciones:
                # A switch waits for this snapshot, so that names mean in it what they mean now.
                tablas = ", ".join(generaciones.tablas_que_hay(foto, self._activa))
                if tablas:
                    foto.exec_driver_sql(f"LOCK TABLE {tablas} IN ACCESS SHARE MODE")
                actual = generaciones.de(foto, self._activa.proyeccion)
                if not any(una.numero == self._activa.numero and una.estado == ACTIVA for una in actual):
                    raise GeneracionMovida(f"{self._activa} dejó de ser la activa: repita la orden")
            yield foto, posiciones

    def _comparar_una(self, cursor: Any, tabla: Tabla[Any]) -> Informe:
        if self._muestra is None:
            return comparar(cursor, tabla, PUBLICO, self._esquema)
        return comparar_muestra(cursor, self._codigo, tabla, self._esquema, self._streams)

    def _preparar(self) -> None:
        """Statistics, without which the planner would be slow on tables so new."""
        with self._taller.motor.begin() as conexion:
            for tabla in self._codigo.tablas:
                conexion.exec_driver_sql(f"ANALYZE {self._esquema}.{tabla.nombre}")

    def _posiciones(self) -> dict[str, int]:
        with self._taller.motor.connect() as conexion:
            return generaciones.posiciones(conexion, self._activa)

    def _sin_comparar(self) -> tuple[str, ...]:
        if self._muestra is None:
            return ()
        columnas = (f"{una.tabla.nombre}.{columna}" for una in self._completo.ajenas for columna in una.columnas)
        return (*columnas, *(tabla.nombre for tabla in self._completo.derivadas))

    def _aparcados(self, foto: Connection) -> tuple[int, int]:
        lados = ((PUBLICO, self._activa.numero), (self._esquema, self._activa.version))
        nombre = self._activa.proyeccion
        vivos, doblados = (
            int(foto.scalar(text(_APARCADOS.format(esquema)), {"nombre": nombre, "numero": numero}) or 0)
            for esquema, numero in lados
        )
        return vivos, doblados
