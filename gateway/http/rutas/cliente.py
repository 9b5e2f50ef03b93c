"""Clients over HTTP."""

from typing import Any

from flask import Response
from uuid_utils import uuid4

from domain.cliente.comandos import (
    ActualizarCliente,
    AnonimizarCliente,
    DesactivarCliente,
    ReactivarCliente,
    RegistrarCliente,
)
from gateway.acceso.flask import mostrar_personas
from gateway.http.circunstancias import como_de, logico, sistema
from gateway.http.esquemas.cliente import Actualizar, Cliente, ClienteRegistrado, Registrar
from gateway.http.esquemas.comun import Aceptado, ConMotivo, Vacio
from gateway.http.ordenes import ejecutar
from gateway.http.plano import Rutas
from gateway.http.posiciones import esperar_posicion
from gateway.http.respuestas import detalle, hecho
from gateway.http.vistas import ver_cliente, ver_registro

Cuerpo = dict[str, Any]
TOTALES = {
    "name": "totales",
    "in": "query",
    "description": "Con como_de, y true: también cuánto sumaban sus pagos y cuándo fue el primero",
    "schema": {"type": "boolean", "default": False},
}
rutas = Rutas("cliente", __name__, description="Clientes")


@rutas.orden("/cliente/registrar", Registrar(), ClienteRegistrado(), 201)
def registrar(cuerpo: Cuerpo) -> Response:
    """Registra un cliente."""
    orden = ejecutar(sistema().clientes, RegistrarCliente(**{"id": str(uuid4()), **cuerpo}), cuerpo)
    return hecho(orden, ver_registro(orden.id), 201)


@rutas.detalle("/cliente/<id>", Cliente(), "Mensaje", parametros=(TOTALES,))
def ver(id: str) -> Response:
    """Un cliente."""
    esperar_posicion("clientes")
    cuerpo, version = ver_cliente(id, como_de(), con_totales=logico("totales"))
    return detalle(mostrar_personas(cuerpo, modulo="cliente", stream=id), version)


@rutas.orden("/cliente/<id>/comandos/actualizar", Actualizar(), Aceptado())
def actualizar(cuerpo: Cuerpo, id: str) -> Response:
    """Cambia los datos que vengan."""
    return hecho(ejecutar(sistema().clientes, ActualizarCliente(id, **cuerpo), cuerpo))


@rutas.orden("/cliente/<id>/comandos/desactivar", ConMotivo(), Aceptado())
def desactivar(cuerpo: Cuerpo, id: str) -> Response:
    """El cliente deja de estar activo."""
    return hecho(ejecutar(sistema().clientes, DesactivarCliente(id, **cuerpo), cuerpo))


@rutas.orden("/cliente/<id>/comandos/reactivar", Vacio(), Aceptado())
def reactivar(cuerpo: Cuerpo, id: str) -> Response:
    """El cliente vuelve a estar activo."""
    return hecho(ejecutar(sistema().clientes, ReactivarCliente(id), cuerpo))


@rutas.orden("/cliente/<id>/comandos/anonimizar", ConMotivo(), Aceptado())
def anonimizar(cuerpo: Cuerpo, id: str) -> Response:
    """Olvida a la persona, sin vuelta atrás."""
    return hecho(ejecutar(sistema().clientes, AnonimizarCliente(id, **cuerpo), cuerpo))
