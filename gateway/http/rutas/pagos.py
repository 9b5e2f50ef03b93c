"""Payouts over HTTP."""

from typing import Any

from flask import Response
from uuid_utils.compat import uuid7

from domain.pagos.comandos import (
    CancelarPago,
    ConfirmarPago,
    CrearPago,
    FallarPago,
    ProcesarPago,
    ReintentarPago,
    RevertirPago,
)
from gateway.http.circunstancias import como_de, sistema
from gateway.http.esquemas.comun import Aceptado, ConMotivo, Vacio
from gateway.http.esquemas.pagos import Confirmar, Fallar, Pagar, Payout
from gateway.http.ordenes import ejecutar
from gateway.http.plano import Rutas
from gateway.http.posiciones import esperar_posicion
from gateway.http.respuestas import detalle, hecho
from gateway.http.vistas import ver_payout

Cuerpo = dict[str, Any]
rutas = Rutas("pagos", __name__, description="Pagos a partners")


@rutas.orden("/pagos/pagar", Pagar(), Aceptado(), cabeceras=("Location",))
def pagar(cuerpo: Cuerpo) -> Response:
    """Ordena un pago, o informa de uno que ya ocurrió."""
    orden = ejecutar(sistema().pagos, CrearPago(f"payout-{uuid7()}", **cuerpo), cuerpo)
    return hecho(orden, ubicacion=f"/pagos/{orden.id}")


@rutas.detalle("/pagos/<id>", Payout())
def ver(id: str) -> Response:
    """Un pago."""
    esperar_posicion("payouts")
    return detalle(*ver_payout(id, como_de()))


@rutas.orden("/pagos/<id>/comandos/procesar", Vacio(), Aceptado())
def procesar(cuerpo: Cuerpo, id: str) -> Response:
    """El pago se entrega al procesador."""
    return hecho(ejecutar(sistema().pagos, ProcesarPago(id), cuerpo))


@rutas.orden("/pagos/<id>/comandos/confirmar", Confirmar(), Aceptado())
def confirmar(cuerpo: Cuerpo, id: str) -> Response:
    """El procesador pagó."""
    return hecho(ejecutar(sistema().pagos, ConfirmarPago(id, **cuerpo), cuerpo))


@rutas.orden("/pagos/<id>/comandos/fallar", Fallar(), Aceptado())
def fallar(cuerpo: Cuerpo, id: str) -> Response:
    """El procesador no pudo pagar."""
    return hecho(ejecutar(sistema().pagos, FallarPago(id, **cuerpo), cuerpo))


@rutas.orden("/pagos/<id>/comandos/reintentar", Vacio(), Aceptado())
def reintentar(cuerpo: Cuerpo, id: str) -> Response:
    """Un pago fallido vuelve a la cola."""
    return hecho(ejecutar(sistema().pagos, ReintentarPago(id), cuerpo))


@rutas.orden("/pagos/<id>/comandos/revertir", ConMotivo(), Aceptado())
def revertir(cuerpo: Cuerpo, id: str) -> Response:
    """Un pago completado se deshace."""
    return hecho(ejecutar(sistema().pagos, RevertirPago(id, **cuerpo), cuerpo))


@rutas.orden("/pagos/<id>/comandos/cancelar", ConMotivo(), Aceptado())
def cancelar(cuerpo: Cuerpo, id: str) -> Response:
    """Un pago pendiente se retira."""
    return hecho(ejecutar(sistema().pagos, CancelarPago(id, **cuerpo), cuerpo))
