"""Clients."""

from typing import Any

from flask import Response, request

from bff.domain.models.cliente_view import ClientesFilter
from bff.infrastructure.lazo import de_corrido
from bff.infrastructure.web.circunstancias import contenedor, correr, peticion
from bff.infrastructure.web.respuestas import Vista, json, sin_vacios
from bff.infrastructure.web.rutas import Rutas
from bff.infrastructure.web.schemas.consultas import Clientes, ComoDe
from bff.infrastructure.web.schemas.cuerpos import ClienteNuevo
from bff.infrastructure.web.schemas.paginas import ClienteCreado, DetalleDeCliente, PaginaDeClientes
from gateway.acceso.flask import quien
from gateway.entrada import leer_crudo

rutas = Rutas("clientes", __name__, description="Clientes")


@rutas.consulta("/clientes", PaginaDeClientes(), Clientes(), lecturas=("clientes",), personal=True)
def listar(dicho: dict[str, Any]) -> Vista:
    """Lista de clientes."""
    # Who sees emails masked could find one out letter by letter.
    claro = quien().ve_datos_claros
    filtro = ClientesFilter(dicho.get("search", ""), dicho["sort_by"], dicho["sort_order"], por_email=claro)
    return Vista(de_corrido(contenedor().listar_clientes.ejecutar(filtro, Clientes.pagina(dicho))))


@rutas.consulta(
    "/clientes/<id>",
    DetalleDeCliente(),
    ComoDe(),
    lecturas=("clientes", "payouts", "campanias"),
    detalle=True,
    personal=True,
)
def ver(dicho: dict[str, Any], id: str) -> Vista:
    """Un cliente, con sus pagos recientes y sus campañas activas."""
    de = contenedor()
    caso = (
        de.ver_cliente.como_de(id, dicho["como_de"], peticion())
        if "como_de" in dicho
        else de.ver_cliente.ejecutar(id, peticion())
    )
    detalle = correr(caso)
    cuerpo = {
        "cliente": sin_vacios(detalle.cliente, "estado"),
        "estadisticas": detalle.estadisticas,
        "pagos_recientes": detalle.pagos_recientes,
        "campanias_activas": detalle.campanias_activas,
    }
    return Vista(cuerpo | ({"notas": detalle.notas} if detalle.notas else {}), detalle.version, not detalle.notas)


@rutas.orden("/clientes", ClienteNuevo(), ClienteCreado(), 201)
def crear() -> Response:
    """Registra un cliente."""
    nuevo = ClienteNuevo().leer(leer_crudo(request))
    creado, aceptado = correr(contenedor().crear_cliente.ejecutar(nuevo, peticion()))
    return json(creado, 201, dict(aceptado.cabeceras))
