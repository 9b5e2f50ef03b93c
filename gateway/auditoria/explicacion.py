"""Why a cell says what it says: the events, commands, actors and requests that made it."""

from dataclasses import dataclass
from typing import Any

from domain.base.agregado import Evento
from gateway.auditoria.celdas import Celda
from gateway.auditoria.contadas import CUENTAS, Contadas, recontar
from gateway.auditoria.generacion import activa
from gateway.auditoria.historia import Contado, contar
from gateway.auditoria.muestra import mostrar, mostrar_evento
from gateway.auditoria.ordenes import ordenes_de
from gateway.auditoria.palabras import contar_en_palabras, explicar_causa
from gateway.auditoria.totales import Efecto
from gateway.composicion import Sistema
from gateway.eventos.identidad import evento_de
from projections.motor import generaciones
from projections.motor.foto import foto
from projections.motor.proyeccion import Proyeccion
from projections.motor.tabla import Tabla
from projections.registro import PROYECCIONES

LARGO_DE_CADENA = 10
"""Causes of causes that are told: a reaction to a reaction is as far as it goes today."""


@dataclass(frozen=True)
class Explicacion:
    """``valor`` is what the table says, ``segun_los_eventos`` what they make of it; ``efectos`` as plain data.

    A cell that counts the rows of another table has those as ``contadas``: what it should say comes from them, and
    the effects are of the last few.
    """

    existe: bool
    valor: Any
    segun_los_eventos: Any
    efectos: list[dict[str, Any]]
    contadas: Contadas | None = None

    @property
    def coincide(self) -> bool:
        """Whether the table says what the events make."""
        return bool(self.valor == self.segun_los_eventos)


def tablas() -> dict[str, tuple[Proyeccion, Tabla[Any]]]:
    """Every query table by its name, with its read model."""
    vigentes = generaciones.vigentes(PROYECCIONES)
    return {tabla.nombre: (proyeccion, tabla) for proyeccion in vigentes for tabla in proyeccion.tablas}


def explicar(
    sistema: Sistema, proyeccion: Proyeccion, tabla: Tabla[Any], clave: tuple[str, ...], columna: str
) -> Explicacion:
    """Follow a cell back to its events, by as much of the logs as its table has read.

    Raises sqlalchemy's DataError when the key of a counted cell is none, EventoIlegible, HistoriaIncompleta.
    """
    contadas = None
    with foto(sistema.motor) as conexion:
        hasta = generaciones.posiciones(conexion, activa(conexion, proyeccion.nombre))
        celda = Celda(sistema, proyeccion, tabla, clave, columna, hasta)
        if tabla.nombre in CUENTAS:
            contadas, segun, efectos = recontar(conexion, celda)
        existe, valor = celda.viva(conexion)
    if contadas is None:
        inicial, efectos = celda.efectos()
        segun = efectos[-1][3] if efectos else inicial
    relato = _Relato(sistema)
    # From the last on: a stream's commands are then read once, as far as they are needed.
    contados = [relato.contar(efecto) for efecto in reversed(efectos)][::-1]
    return Explicacion(existe, valor, segun, contados, contadas)


class _Relato:
    """Tells effects, and remembers the commands of the streams that they come from."""

    def __init__(self, sistema: Sistema) -> None:
        self._sistema = sistema
        self._ordenes: dict[tuple[str, str], dict[int, str]] = {}

    def contar(self, efecto: Efecto) -> dict[str, Any]:
        aplicacion, contado, antes, despues = efecto
        return {
            "antes": mostrar(antes),
            "despues": mostrar(despues),
            **self._del_evento(aplicacion, contado),
            "origen": [self._del_evento(*causa) for causa in self._cadena(contado.evento)],
        }

    def _del_evento(self, aplicacion: str, contado: Contado) -> dict[str, Any]:
        evento = contado.evento
        # The whole event may tell more than was asked, a person's data too.
        dicho = {campo: valor for campo, valor in mostrar_evento(contado).items() if campo != "datos"}
        return {
            "modulo": self._sistema.aplicaciones[aplicacion].modulo,
            "stream": evento.originator_id,
            **dicho,
            "resumen": contar_en_palabras(evento),
            "orden": self._orden(aplicacion, evento.originator_id, evento.originator_version),
            "causa": explicar_causa(evento),
        }

    def _orden(self, aplicacion: str, stream: str, version: int) -> str:
        if version not in self._ordenes.get((aplicacion, stream), ()):
            self._ordenes[aplicacion, stream] = ordenes_de(self._leer(aplicacion, stream, 1, version))
        return self._ordenes[aplicacion, stream][version]

    def _cadena(self, evento: Evento) -> list[tuple[str, Contado]]:
        """The event that caused this one, what caused that, and so on to a request."""
        cadena: list[tuple[str, Contado]] = []
        while len(cadena) < LARGO_DE_CADENA and (origen := evento_de(evento.causation_id)) is not None:
            aplicacion, stream, version = origen
            causa = self._leer(aplicacion, stream, version, version)
            if not causa:
                break
            cadena.append((aplicacion, causa[0]))
            evento = causa[0].evento
        return cadena

    def _leer(self, aplicacion: str, stream: str, desde: int, hasta: int) -> list[Contado]:
        return contar(self._sistema.tienda, self._sistema.aplicaciones[aplicacion], stream, desde=desde, hasta=hasta)
