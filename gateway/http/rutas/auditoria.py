"""The past over HTTP."""

import re
from datetime import datetime
from typing import Any

from flask import Response, current_app, request

from domain.base.aplicacion import Aplicacion
from domain.base.errores import NoEncontrado
from gateway.acceso.flask import mostrar_personas
from gateway.auditoria.historia import contar, duenias
from gateway.auditoria.muestra import mostrar_estado, mostrar_evento
from gateway.auditoria.registro import pagina
from gateway.auditoria.relato import relatar
from gateway.eventos.mapper import EventoIlegible
from gateway.http.circunstancias import instante, logico, sistema
from gateway.http.errores import Rechazo
from gateway.http.esquemas.campos import INSTANTE
from gateway.http.esquemas.sistema import Auditoria, Eventos
from gateway.http.plano import Rutas
from gateway.http.posiciones import esperar_posicion
from gateway.http.respuestas import json

LIMITE, LIMITE_MAXIMO = 100, 1000
POSICION_MAXIMA = 10**18 - 1
MODULOS = {"type": "string", "enum": ["cliente", "pagos", "campanias"]}
PARAMETROS = {
    "hasta": {
        "description": "Versión, o instante de registro ISO 8601, inclusive",
        "schema": {"type": "string", "pattern": f"^[0-9]{{1,18}}$|{INSTANTE}"},
    },
    "modulo": {"description": "Necesario cuando dos módulos tienen ese id", "schema": MODULOS},
    "relato": {
        "description": "Con true, cada evento trae también resumen, causa y cambios, en palabras",
        "schema": {"type": "boolean", "default": False},
    },
}
DEL_REGISTRO: dict[str, dict[str, Any]] = {
    "modulo": {"description": "De qué módulo", "schema": MODULOS, "required": True},
    "desde": {
        "description": "Posición tras la que se empieza: el siguiente de la respuesta anterior",
        "schema": {"type": "integer", "minimum": 0, "maximum": POSICION_MAXIMA, "default": 0},
    },
    "limite": {
        "description": "Cuántos eventos como mucho",
        "schema": {"type": "integer", "minimum": 1, "maximum": LIMITE_MAXIMO, "default": LIMITE},
    },
}
rutas = Rutas("auditoria", __name__, description="La historia de cada agregado")


class SinHistoria(NoEncontrado):
    mensaje = "No hay historia con ese id"


@rutas.consulta("/auditoria/<stream>", Auditoria(), parametros=PARAMETROS, rechazos=(400, 401, 404, 409, 500, 503))
def ver(stream: str) -> Response:
    """Los eventos de un agregado y cómo quedó con ellos."""
    esperar_posicion()  # of no table: what is read here is the log itself
    aplicacion = _de_quien_es(stream, request.args.get("modulo"))
    contados = contar(sistema().tienda, aplicacion, stream, hasta=_hasta(request.args.get("hasta")))
    eventos, actual = relatar(contados, en_palabras=logico("relato"))
    if actual is None:
        raise SinHistoria("No había nada con ese id hasta entonces")
    historia = {"stream": stream, "modulo": aplicacion.modulo, "eventos": eventos, "estado": mostrar_estado(actual)}
    if aplicacion is sistema().clientes:
        historia = mostrar_personas(historia, modulo=aplicacion.modulo, stream=stream, hasta=request.args.get("hasta"))
    return json(historia)


@rutas.consulta("/eventos", Eventos(), parametros=DEL_REGISTRO, rechazos=(400, 401, 500, 503))
def registro() -> Response:
    """El registro de un módulo, evento por evento, en orden.

    Se sigue pidiendo desde «siguiente»; una respuesta sin eventos y con el mismo cursor dice que no hay más por ahora.
    Ante un evento que no se puede leer la página termina; la que empezaría con él es un 500 que dice desde dónde
    sigue lo demás.
    """
    esperar_posicion()
    modulo = request.args.get("modulo")
    if modulo is None:
        raise Rechazo(400, "MODULO_REQUERIDO", "modulo es requerido")
    (aplicacion,) = _aplicaciones(modulo)
    desde, limite = _entero("desde", 0, 0, POSICION_MAXIMA), _entero("limite", LIMITE, 1, LIMITE_MAXIMO)
    try:
        contados, siguiente = pagina(sistema().tienda, aplicacion, desde, limite)
    except EventoIlegible as error:
        # Nothing is passed over in silence: who reads decides to go on without it.
        sigue = f"{error}. Lo que le sigue se lee con desde={error.posicion}"
        raise EventoIlegible(sigue, error.posicion) from error
    eventos = [{"stream": uno.evento.originator_id, **mostrar_evento(uno)} for uno in contados]
    if aplicacion is sistema().clientes and eventos:
        eventos = mostrar_personas(eventos, modulo=modulo, desde=desde, hasta=siguiente)
    return json({"eventos": eventos, "siguiente": siguiente})


def _de_quien_es(stream: str, modulo: str | None) -> Aplicacion:
    """The one application that has the stream, among those asked for."""
    hallada = duenias(_aplicaciones(modulo), stream)
    if not hallada:
        raise SinHistoria
    if len(hallada) > 1:
        nombres = " y ".join(una.modulo for una in hallada)
        raise Rechazo(409, "MODULO_REQUERIDO", f"Ese id existe en {nombres}: indique modulo")
    return hallada[0]


def _aplicaciones(modulo: str | None) -> list[Aplicacion]:
    """Those that are served here, or the one of an outside name."""
    servidos = current_app.extensions["modulos"]
    aplicaciones = [una for una in sistema().aplicaciones.values() if una.modulo in servidos]
    if modulo is not None:
        aplicaciones = [una for una in aplicaciones if una.modulo == modulo]
        if not aplicaciones:
            raise Rechazo(400, "MODULO_DESCONOCIDO", f"modulo debe ser uno de: {', '.join(sorted(servidos))}")
    return aplicaciones


def _hasta(texto: str | None) -> int | datetime | None:
    if texto is None:
        return None
    if re.fullmatch(r"[0-9]{1,18}", texto):
        return int(texto)
    return instante("hasta", texto)


def _entero(parametro: str, si_falta: int, minimo: int, maximo: int) -> int:
    dicho = request.args.get(parametro, str(si_falta))
    if not re.fullmatch(r"[0-9]{1,18}", dicho) or not minimo <= int(dicho) <= maximo:
        hasta = f" a {maximo}" if maximo < POSICION_MAXIMA else ""
        raise Rechazo(400, "PARAMETRO_INVALIDO", f"{parametro} debe ser un entero desde {minimo}{hasta}")
    return int(dicho)
