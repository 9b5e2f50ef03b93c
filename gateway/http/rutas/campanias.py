"""Campaigns over HTTP."""

from typing import Any

from flask import Response

from domain.campanias.comandos import (
    ActivarCampania,
    AjustarPresupuesto,
    CancelarCampania,
    CrearCampania,
    FinalizarCampania,
    PausarCampania,
    ReanudarCampania,
    RegistrarGasto,
)
from gateway.http.circunstancias import como_de, sistema
from gateway.http.esquemas.campanias import Campania, CampaniaCreada, Crear, Gasto, Presupuesto
from gateway.http.esquemas.comun import Aceptado, ConMotivo, Vacio
from gateway.http.ordenes import ejecutar
from gateway.http.plano import Rutas
from gateway.http.posiciones import esperar_posicion
from gateway.http.respuestas import detalle, hecho
from gateway.http.vistas import ver_campania

Cuerpo = dict[str, Any]
rutas = Rutas("campanias", __name__, description="Campañas")


@rutas.orden("/campanias/comandos/crear", Crear(), CampaniaCreada())
def crear(cuerpo: Cuerpo) -> Response:
    """Crea una campaña, a la espera de su pago."""
    orden = ejecutar(sistema().campanias, CrearCampania(**cuerpo), cuerpo)
    datos = {"idCampania": orden.id, "idCliente": cuerpo["cliente_id"], "itinerario": cuerpo["itinerario"]}
    return hecho(orden, {"message": "Campania creada", "data": datos})


@rutas.detalle("/campanias/<id>", Campania())
def ver(id: str) -> Response:
    """Una campaña."""
    esperar_posicion("campanias")
    return detalle(*ver_campania(id, como_de()))


@rutas.orden("/campanias/<id>/comandos/activar", Vacio(), Aceptado())
def activar(cuerpo: Cuerpo, id: str) -> Response:
    """Empieza una campaña aprobada."""
    return hecho(ejecutar(sistema().campanias, ActivarCampania(id), cuerpo))


@rutas.orden("/campanias/<id>/comandos/pausar", Vacio(), Aceptado())
def pausar(cuerpo: Cuerpo, id: str) -> Response:
    """Detiene por un tiempo una campaña activa."""
    return hecho(ejecutar(sistema().campanias, PausarCampania(id), cuerpo))


@rutas.orden("/campanias/<id>/comandos/reanudar", Vacio(), Aceptado())
def reanudar(cuerpo: Cuerpo, id: str) -> Response:
    """Continúa una campaña pausada."""
    return hecho(ejecutar(sistema().campanias, ReanudarCampania(id), cuerpo))


@rutas.orden("/campanias/<id>/comandos/finalizar", Vacio(), Aceptado())
def finalizar(cuerpo: Cuerpo, id: str) -> Response:
    """Termina una campaña."""
    return hecho(ejecutar(sistema().campanias, FinalizarCampania(id), cuerpo))


@rutas.orden("/campanias/<id>/comandos/gasto", Gasto(), Aceptado())
def gastar(cuerpo: Cuerpo, id: str) -> Response:
    """Anota un gasto dentro del presupuesto."""
    return hecho(ejecutar(sistema().campanias, RegistrarGasto(id, **cuerpo), cuerpo))


@rutas.orden("/campanias/<id>/comandos/presupuesto", Presupuesto(), Aceptado())
def presupuestar(cuerpo: Cuerpo, id: str) -> Response:
    """Cambia el presupuesto."""
    return hecho(ejecutar(sistema().campanias, AjustarPresupuesto(id, **cuerpo), cuerpo))


@rutas.orden("/campanias/<id>/comandos/cancelar", ConMotivo(), Aceptado())
def cancelar(cuerpo: Cuerpo, id: str) -> Response:
    """Retira una campaña."""
    return hecho(ejecutar(sistema().campanias, CancelarCampania(id, **cuerpo), cuerpo))
