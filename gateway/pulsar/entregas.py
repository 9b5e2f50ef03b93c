"""The delivery ledger of an event: stored, told, acknowledged by each subscription, reacted to, projected."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.base.agregado import Evento
from domain.base.aplicacion import Aplicacion
from domain.politicas import POLITICAS, Politica
from gateway.composicion import Sistema
from gateway.config import Config
from gateway.eventos.identidad import id_de_evento
from gateway.eventos.lectura import Fila
from gateway.eventos.log import LogDeAplicacion
from gateway.pulsar.cotejo import huella_de
from gateway.pulsar.errores import FallaDeBroker
from gateway.pulsar.lugares import Lugares, lugares_de
from gateway.pulsar.sabido import Sabido, preguntar
from gateway.pulsar.topico import Contado
from gateway.pulsar.traduccion import CALLADOS, traducir
from projections.motor.aparcados import listar

SI, AUN_NO, APARCADO = "sí", "aún no", "aparcado"
CALLADO, RETENCION, PERDIDO, NO_SE_SABE = "no se cuenta", "ya no está en el topic", "falta en el topic", "no se sabe"
_TRAMO = re.compile(r"\((-?\d+):(-?\d+)\.\.(-?\d+):(-?\d+)\]")


class EventoDesconocido(LookupError):
    """Nothing in the logs has that id."""


@dataclass(frozen=True)
class _Buscado:
    aplicacion: Aplicacion
    fila: Fila
    evento: Evento
    lugares: Lugares

    @property
    def huella(self) -> bytes | None:
        mensaje = traducir(self.aplicacion.name, self.fila.posicion, 0, self.evento)
        return None if mensaje is None else huella_de(mensaje)


def libro(sistema: Sistema, config: Config, id: str) -> dict[str, Any]:
    """``broker``: None, or why nothing could be learnt from it. ``eventos``: their ledgers, in order.

    Raises EventoDesconocido, DBAPIError and eventsourcing's OperationalError.
    """
    buscados = list(_buscar(sistema, id))
    if not buscados:
        raise EventoDesconocido(f"nada en los registros se llama «{id}»")
    falla = None
    sabido: dict[str, Sabido] = {}
    try:
        for aplicacion in dict.fromkeys(uno.aplicacion for uno in buscados):
            suyos = [uno for uno in buscados if uno.aplicacion is aplicacion]
            desde = min(uno.evento.timestamp for uno in suyos)
            huellas = {uno.huella for uno in suyos if uno.huella is not None}
            sabido[aplicacion.name] = preguntar(config, aplicacion, huellas, desde)
    except FallaDeBroker as error:
        falla = str(error)
    ahora = sistema.reloj()
    entregas = [_entrega(sistema, uno, sabido.get(uno.aplicacion.name), ahora) for uno in buscados]
    return {"broker": falla, "eventos": entregas}


def _buscar(sistema: Sistema, id: str) -> "list[_Buscado]":
    """The events of an id: one event's own, ``modulo:posicion``, or a stream's."""
    hallados = []
    for aplicacion in sistema.aplicaciones.values():
        log = LogDeAplicacion(aplicacion)
        filas = _filas(log, aplicacion, id)
        if filas:
            lugares = lugares_de(sistema, aplicacion.name)
            eventos = log.abrir_sin_personales(filas)
            hallados += [_Buscado(aplicacion, *par, lugares) for par in zip(filas, eventos, strict=True)]
    return hallados


def _filas(log: LogDeAplicacion, aplicacion: Aplicacion, id: str) -> list[Fila]:
    de, _, resto = id.partition(":")
    cabeza = log.cabeza()
    if de in (aplicacion.name, aplicacion.modulo):
        if resto.isdecimal():
            return [una for una in log.leer(int(resto) - 1, 1) if una.posicion == int(resto)]
        stream, _, version = resto.rpartition(":")
        if version.isdecimal():
            return [una for una in log.de_streams([stream], 0, cabeza) if una.version == int(version)]
    return log.de_streams([id], 0, cabeza)


def _entrega(sistema: Sistema, uno: _Buscado, sabido: Sabido | None, ahora: datetime) -> dict[str, Any]:
    fila, evento = uno.fila, uno.evento
    contado = sabido.hallados.get(uno.huella) if sabido and uno.huella else None
    guardado = evento.timestamp.astimezone(UTC)
    edad = _segundos(ahora - guardado)
    relatado = _relatado(uno, contado, sabido)
    return {
        "evento": id_de_evento(uno.aplicacion.name, fila.originator_id, fila.version),
        "modulo": uno.aplicacion.modulo,
        "tipo": fila.topic,
        "guardado": {"posicion": fila.posicion, "cuando": guardado.isoformat(), "hace_segundos": edad},
        "relatado": {
            "estado": relatado,
            "mensaje": contado and contado.lugar,
            "cuando": contado and contado.publicado_en.isoformat(),
            "tardo_segundos": contado and _segundos(contado.publicado_en - guardado),
            "espera_segundos": edad if relatado == AUN_NO else None,
        },
        "acuses": [_acuse(una, contado, ahora) for una in sabido.suscripciones] if sabido and contado else [],
        "reaccionado": [
            _paso(sistema, uno, f"{politica.NOMBRE}:{politica.ORIGEN}", edad) for politica in _politicas(uno)
        ],
        "proyectado": [
            _paso(sistema, uno, nombre, edad) for nombre in sorted(uno.lugares.seguidores) if nombre.count(":") == 2
        ],
    }


def _relatado(uno: _Buscado, contado: Contado | None, sabido: Sabido | None) -> str:
    if type(uno.evento) in CALLADOS:
        return CALLADO
    if contado is not None:
        return SI
    contada = uno.fila.posicion <= uno.lugares.relevo
    if sabido is None:
        # Nobody can be asked: tracking is all that is known.
        return SI if contada else NO_SE_SABE
    primero = sabido.primero
    if contada and (primero is None or primero.mensaje.posicion > uno.fila.posicion):
        return RETENCION
    return PERDIDO if contada else AUN_NO


def _acuse(una: dict[str, Any], contado: Contado, ahora: datetime) -> dict[str, Any]:
    lugar = _lugar(contado.lugar)
    hecho = lugar <= _lugar(una["hasta"]) or any(
        (int(a), int(b)) < lugar <= (int(c), int(d)) for a, b, c, d in _TRAMO.findall(una["sueltos"])
    )
    return {
        "suscripcion": una["suscripcion"],
        "estado": SI if hecho else AUN_NO,
        "acusado_hasta": una["hasta"],
        "pendientes": una["pendientes"],
        "conectados": una["conectados"],
        "espera_segundos": None if hecho else _segundos(ahora - contado.publicado_en),
    }


def _politicas(uno: _Buscado) -> list[Politica]:
    suyas = [una for una in POLITICAS if uno.aplicacion.name == una.ORIGEN]
    return [una for una in suyas if type(uno.evento) in una.EVENTOS]


def _paso(sistema: Sistema, uno: _Buscado, seguidor: str, edad: float) -> dict[str, Any]:
    """A reader of the log: whether it has passed the event, and whether the event's stream is parked there."""
    posicion = uno.lugares.seguidores.get(seguidor, 0)
    with sistema.motor.connect() as conexion:
        parados = listar(conexion, seguidor.partition(":")[0], uno.fila.originator_id)
    parado = any(
        una.posicion <= uno.fila.posicion and una.aplicacion == uno.aplicacion.name
        and (una.de_reaccion or f":{una.generacion}:" in seguidor)
        for una in parados
    )  # fmt: skip
    estado = AUN_NO if posicion < uno.fila.posicion else APARCADO if parado else SI
    return {
        "lector": seguidor,
        "estado": estado,
        "posicion": posicion,
        "espera_segundos": None if estado == SI else edad,
    }


def _lugar(dicho: str) -> tuple[int, int]:
    ledger, entrada = dicho.split(":")[:2]
    return int(ledger), int(entrada)


def _segundos(cuanto: timedelta) -> float:
    return round(max(cuanto.total_seconds(), 0.0), 3)
