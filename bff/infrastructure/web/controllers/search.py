"""One needle in everything."""

from typing import Any

from bff.domain.models.search_result import Tipo
from bff.infrastructure.web.circunstancias import contenedor, correr
from bff.infrastructure.web.respuestas import Vista, sin_vacios
from bff.infrastructure.web.rutas import Rutas
from bff.infrastructure.web.schemas.consultas import DE_CUALQUIERA, Busqueda
from bff.infrastructure.web.schemas.paginas import Hallazgos
from gateway.acceso.flask import quien

rutas = Rutas("search", __name__, description="Búsqueda en todo")


@rutas.consulta("/search", Hallazgos(), Busqueda(), lecturas=("clientes", "payouts", "campanias"), personal=True)
def buscar(dicho: dict[str, Any]) -> Vista:
    """Clientes, pagos y campañas que contienen un texto."""
    tipos = tuple(Tipo) if dicho["type"] == DE_CUALQUIERA else (Tipo(dicho["type"]),)
    # Who sees emails masked could find one out letter by letter.
    caso = contenedor().buscar.ejecutar(dicho["q"], tipos, dicho["limit"], por_email=quien().ve_datos_claros)
    hallado = correr(caso)
    return Vista(sin_vacios(hallado, "notas"), entera=not hallado.notas)
