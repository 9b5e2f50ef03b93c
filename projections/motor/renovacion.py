"""What a worker does about generations by itself: builds what newer code asks for, clears up what nobody can follow."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from sqlalchemy import Engine, text

from projections.motor.conduccion import Taller
from projections.motor.exclusiva import ReconstruccionEnMarcha
from projections.motor.generaciones import ACTIVA, Generacion, con_codigo, todas, vigentes
from projections.motor.log import Log
from projections.motor.obra import recoger_abandonados
from projections.motor.proyeccion import Proyeccion
from projections.motor.reconstruccion import Resultado, SinGeneracion, descartar, reconstruir

SIN_DUENO = "60 s"
"""How long a generation beside the active one may be without anybody who can follow it, until it is discarded."""
RECOGIDA = 10.0
"""Seconds between two looks for what to clear up."""
ESPERA = 5.0
"""Seconds before a build that failed goes on."""

_DESATENDIDAS = text(
    f"""
    SELECT g.proyeccion, g.numero FROM generaciones g JOIN seguimiento s
    ON split_part(application_name, ':', 1) = g.proyeccion
        AND split_part(application_name, ':', 2) = CAST(g.numero AS text)
    WHERE g.estado <> 'activa' GROUP BY g.proyeccion, g.numero
    HAVING greatest(max(s.vence_en), g.creada_en) < clock_timestamp() - interval '{SIN_DUENO}'
    """  # noqa: S608
)
_bitacora = logging.getLogger(__name__)


class Detenido(Exception):
    """The worker was told to stop in the middle of a build."""


class Renovacion:
    """Builds run on a thread each. What is left half way by a stop goes on in the next worker."""

    def __init__(
        self, proyecciones: Sequence[Proyeccion], logs: Mapping[str, Log], motor: Engine, parar: threading.Event
    ) -> None:
        self._proyecciones, self._motor, self._parar = proyecciones, motor, parar
        self._taller = Taller(proyecciones, logs, motor, freno=self._exigir_que_siga)
        self._obras: dict[str, threading.Thread] = {}
        self._recogido = time.monotonic()

    @property
    def hilos(self) -> list[threading.Thread]:
        return list(self._obras.values())

    def repasar(self, generaciones: Sequence[Generacion]) -> None:
        """Begin the builds that are due, and clear up now and then."""
        for proyeccion in vigentes(self._proyecciones):
            if toca_construir(proyeccion, generaciones) and not self._construye(proyeccion.nombre):
                nombre = f"obra: {proyeccion.nombre}"
                hilo = threading.Thread(target=self._construir, args=(proyeccion,), name=nombre, daemon=True)
                self._obras[proyeccion.nombre] = hilo
                hilo.start()
        if time.monotonic() - self._recogido > RECOGIDA:
            self._recogido = time.monotonic()
            recoger(self._motor, self._proyecciones)

    def _construye(self, nombre: str) -> bool:
        return nombre in self._obras and self._obras[nombre].is_alive()

    def _construir(self, proyeccion: Proyeccion) -> None:
        nombre, version = proyeccion.nombre, proyeccion.version
        try:
            resultado = reconstruir(nombre, self._taller)
        except Detenido:
            return
        except ReconstruccionEnMarcha:
            self._parar.wait(ESPERA)
        except Exception:
            _bitacora.exception("%s: la construcción de la versión %d se interrumpió; seguirá", nombre, version)
            self._parar.wait(ESPERA)
        else:
            self._contar(nombre, version, resultado)

    def _contar(self, nombre: str, version: int, resultado: Resultado) -> None:
        if resultado.motivos:
            _bitacora.error(
                "%s: la versión %d está hecha y espera consentimiento (alpes proyecciones reconstruir %s"
                " --aceptar-diferencias): %s", nombre, version, nombre, "; ".join(resultado.motivos),
            )  # fmt: skip
        else:
            anterior = (
                "se guarda" if resultado.sigue_la_de_antes else "se descarta si ningún trabajador tiene su código"
            )
            _bitacora.warning("%s: la versión %d está en servicio; la anterior %s", nombre, version, anterior)

    def _exigir_que_siga(self) -> None:
        if self._parar.is_set():
            raise Detenido


def toca_construir(proyeccion: Proyeccion, generaciones: Sequence[Generacion]) -> bool:
    """Whether this code is newer than what is active, and nobody decided about its tables yet.

    A generation of this version that waits for consent, or that was left for an older one by ``volver``, is somebody's
    decision. Code that is older than the active tables never builds: it stands by.
    """
    suyas = [una for una in generaciones if una.proyeccion == proyeccion.nombre]
    activa = next((una for una in suyas if una.estado == ACTIVA), None)
    decididas = [una for una in suyas if una.version == proyeccion.version and una.estado != "en_obra"]
    return activa is not None and activa.version < proyeccion.version and not decididas


def recoger(motor: Engine, proyecciones: Sequence[Proyeccion]) -> list[Generacion]:
    """Discard generations that nobody has followed for SIN_DUENO and whose code is not here, and abandoned scratch.

    They would go stale, and no oblivion would reach them. The active one is never touched.
    """
    with motor.connect() as conexion:
        desatendidas = {(fila.proyeccion, fila.numero) for fila in conexion.execute(_DESATENDIDAS)}
        sobran = [
            una
            for una in todas(conexion)
            if (una.proyeccion, una.numero) in desatendidas and con_codigo(proyecciones, una) is None
        ]
    for una in sobran:
        # Another worker may be doing the same.
        with suppress(ReconstruccionEnMarcha, SinGeneracion):
            descartar(una.proyeccion, motor, una.numero)
            _bitacora.warning("%s se descartó: nadie tiene su código, y ya no seguía al registro", una)
    for esquema in recoger_abandonados(motor):
        _bitacora.warning("el borrador %s se borró: nadie lo usaba", esquema)
    return sobran
