"""Payouts."""

from typing import Any

from flask import Response, request

from bff.domain.models.pago_view import PagosFilter
from bff.infrastructure.lazo import de_corrido
from bff.infrastructure.web.circunstancias import contenedor, correr, peticion
from bff.infrastructure.web.respuestas import Vista, json
from bff.infrastructure.web.rutas import PREFIJO, Rutas
from bff.infrastructure.web.schemas.consultas import ComoDe, Pagos
from bff.infrastructure.web.schemas.ordenes import PagoNuevo
from bff.infrastructure.web.schemas.paginas import Aceptado, DetalleDePago, PaginaDePagos
from gateway.entrada import leer_crudo

rutas = Rutas("pagos", __name__, description="Pagos a partners")
FILTROS = ("partner_id", "fecha_desde", "fecha_hasta", "monto_min", "monto_max")


@rutas.consulta("/pagos", PaginaDePagos(), Pagos(), lecturas=("payouts",))
def listar(dicho: dict[str, Any]) -> Vista:
    """Lista de pagos, con lo que suman todos los del filtro."""
    suyos = {campo: dicho[campo] for campo in FILTROS if campo in dicho}
    filtros = PagosFilter(estados=dicho.get("estado", frozenset()), **suyos)
    return Vista(de_corrido(contenedor().listar_pagos.ejecutar(filtros, Pagos.pagina(dicho))))


@rutas.consulta("/pagos/<id>", DetalleDePago(), ComoDe(), lecturas=("payouts", "event_store"), detalle=True)
def ver(dicho: dict[str, Any], id: str) -> Vista:
    """Un pago, con sus transacciones y su historia."""
    de = contenedor()
    caso = (
        de.ver_pago.como_de(id, dicho["como_de"], peticion())
        if "como_de" in dicho
        else de.ver_pago.ejecutar(id, peticion())
    )
    detalle = correr(caso)
    cuerpo = {"pago": detalle.pago, "transacciones": detalle.transacciones, "auditoria": detalle.auditoria}
    return Vista(cuerpo, detalle.version)


@rutas.orden("/pagos", PagoNuevo(), Aceptado(), 202, cabeceras=("Location",))
def crear() -> Response:
    """Ordena un pago, o informa de uno que ya ocurrió."""
    aceptado = correr(contenedor().crear_pago.ejecutar(leer_crudo(request), peticion()))
    cabeceras = {**aceptado.cabeceras, "Location": f"{PREFIJO}/pagos/{aceptado.cuerpo['id']}"}
    return json(aceptado.cuerpo, aceptado.estado, cabeceras)
