"""Taking up a parked stream again, in order, while the worker goes on with the others."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from projections.motor.aparcados import Aparcado, describir
from projections.motor.conexion import conexion_propia, del_driver
from projections.motor.generaciones import Generacion, con_codigo, de
from projections.motor.log import Log
from projections.motor.lote import Hecho, abrir
from projections.motor.proyeccion import Proyeccion
from projections.motor.reconstruccion import SinCodigo
from projections.motor.seguidor import Seguidor
from projections.motor.seguimiento import Lugar, PosicionDisputada, Seguimiento

_CLAVE = "WHERE proyeccion = :proyeccion AND generacion = :generacion AND aplicacion = :aplicacion AND stream = :stream"
_SIGUE = text(f"SELECT posicion FROM aparcados {_CLAVE} FOR UPDATE")  # noqa: S608
_SOLTAR = text(f"DELETE FROM aparcados {_CLAVE}")  # noqa: S608
_ANOTAR = text(f"UPDATE aparcados SET posicion = :posicion, eventos = :eventos, error = :error {_CLAVE}")  # noqa: S608
_DONDE = text("SELECT esquema FROM seguimiento WHERE application_name = :nombre")
_PLAZO = text("SET LOCAL lock_timeout = '10s'")


def reintentar(
    aparcado: Aparcado, proyecciones: Sequence[Proyeccion], logs: Mapping[str, Log], motor: Engine
) -> Aparcado | None:
    """Fold a parked stream's events from the failing one up to where its generation stands, and let the stream go.

    Returns None when it is up to date, else what it stops at now: what came before that is stored. The generation's
    positions are held meanwhile, so that its worker waits for as long as one stream takes, and no event is taken
    twice or left out. Raises SinCodigo, PosicionDisputada when its tables were just switched, and the
    driver's errors when the database can't be used.
    """
    with motor.connect() as conexion:
        generaciones = de(conexion, aparcado.proyeccion)
    generacion = next((una for una in generaciones if una.numero == aparcado.generacion), None)
    if generacion is None:
        return None
    codigo = con_codigo(proyecciones, generacion)
    if codigo is None:
        raise SinCodigo(str(generacion))
    with conexion_propia(motor, generacion.esquema) as conexion, Session(conexion) as sesion:
        log = logs[aparcado.aplicacion]
        return _Reintento(codigo, generacion, log, motor, sesion=sesion, aparcado=aparcado).hacer()


class _Reintento(Seguidor):
    """A follower that does not move: it writes what its position has left behind."""

    def __init__(
        self,
        proyeccion: Proyeccion,
        generacion: Generacion,
        log: Log,
        motor: Engine,
        *,
        sesion: Session,
        aparcado: Aparcado,
    ) -> None:
        (conmutador,) = (uno for uno in proyeccion.conmutadores if uno.aplicacion == aparcado.aplicacion)
        lugar = Lugar(generacion.numero, generacion.esquema)
        super().__init__(proyeccion, conmutador, log, Seguimiento(motor), sesion, lugar=lugar)
        self._aparcado = aparcado
        self._clave = {
            "proyeccion": aparcado.proyeccion,
            "generacion": aparcado.generacion,
            "aplicacion": aparcado.aplicacion,
            "stream": aparcado.stream,
        }

    def hacer(self) -> Aparcado | None:
        with self._sesion.begin():
            self._sesion.execute(_PLAZO)
            posicion = self._seguimiento.cercar(self._sesion, self._todos)[self._nombre]
            if self._sesion.scalar(_DONDE, {"nombre": self._nombre}) != self._lugar.esquema:
                raise PosicionDisputada(self._nombre)
            desde = self._sesion.scalar(_SIGUE, self._clave)
            if desde is None:
                return None
            filas = self._log.de_streams([self._aparcado.stream], desde - 1, posicion)
            atendidas = [fila for fila in filas if fila.topic not in self._conmutador.ignorados]
            hechos = abrir(self._log, atendidas, self._de_paso)
            for indice, hecho in enumerate(hechos):
                error = self._doblar_uno(hecho)
                if error is not None:
                    return self._sigue_aparcado(hechos[indice:], error)
            self._sesion.execute(_SOLTAR, self._clave)
        return None

    def _doblar_uno(self, hecho: Hecho) -> str | None:
        """Write one event's effect; return what is wrong with it, if anything."""
        try:
            with self._sesion.begin_nested(), del_driver(self._sesion) as conexion:
                fallos = self._escribir(conexion.cursor(binary=True), [hecho], set())
        except (self._driver.DataError, self._driver.IntegrityError) as error:
            return describir(error)
        return next((fallo.error for fallo in fallos.values()), None)

    def _sigue_aparcado(self, esperan: Sequence[Hecho], error: str) -> Aparcado:
        posicion = esperan[0][0].posicion
        valores = {**self._clave, "posicion": posicion, "eventos": len(esperan), "error": error}
        self._sesion.execute(_ANOTAR, valores)
        una = self._aparcado
        return Aparcado(
            una.proyeccion,
            una.generacion,
            una.aplicacion,
            una.stream,
            posicion,
            esperan[-1][0].posicion,
            len(esperan),
            error,
            una.aparcado_en,
        )
