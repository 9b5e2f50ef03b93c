"""Campaigns."""

from typing import Any

from flask import Response, request

from bff.domain.models.campania_view import CampaniasFilter
from bff.infrastructure.lazo import de_corrido
from bff.infrastructure.web.circunstancias import contenedor, correr, peticion
from bff.infrastructure.web.respuestas import Vista, json
from bff.infrastructure.web.rutas import Rutas
from bff.infrastructure.web.schemas.consultas import Campanias, ComoDe
from bff.infrastructure.web.schemas.ordenes import CampaniaNueva
from bff.infrastructure.web.schemas.paginas import CampaniaCreada, DetalleDeCampania, PaginaDeCampanias
from gateway.entrada import leer_crudo

rutas = Rutas("campanias", __name__, description="Campañas")


# A campaign shows its client's name.
@rutas.consulta("/campanias", PaginaDeCampanias(), Campanias(), lecturas=("campanias", "clientes"))
def listar(dicho: dict[str, Any]) -> Vista:
    """Lista de campañas."""
    filtro = CampaniasFilter(dicho.get("estado", frozenset()), dicho.get("cliente_id"))
    return Vista(de_corrido(contenedor().listar_campanias.ejecutar(filtro, Campanias.pagina(dicho))))


@rutas.consulta(
    "/campanias/<id>",
    DetalleDeCampania(),
    ComoDe(),
    lecturas=("campanias", "clientes", "payouts", "event_store"),
    detalle=True,
)
def ver(dicho: dict[str, Any], id: str) -> Vista:
    """Una campaña, con su itinerario, sus pagos y su historia."""
    de = contenedor()
    caso = (
        de.ver_campania.como_de(id, dicho["como_de"], peticion())
        if "como_de" in dicho
        else de.ver_campania.ejecutar(id, peticion())
    )
    detalle = correr(caso)
    cuerpo = {
        "campania": detalle.campania,
        "moneda": detalle.moneda,
        "itinerario": detalle.itinerario,
        "pagos": detalle.pagos,
        "auditoria": detalle.auditoria,
    }
    return Vista(cuerpo | ({"notas": detalle.notas} if detalle.notas else {}), detalle.version, detalle.entera)


@rutas.orden("/campanias", CampaniaNueva(), CampaniaCreada(), 202)
def crear() -> Response:
    """Crea una campaña, a la espera de su pago."""
    aceptado = correr(contenedor().crear_campania.ejecutar(leer_crudo(request), peticion()))
    return json(aceptado.cuerpo, aceptado.estado, dict(aceptado.cabeceras))
