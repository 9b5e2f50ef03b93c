"""The dashboard."""

from typing import Any

from bff.infrastructure.web.circunstancias import contenedor, correr
from bff.infrastructure.web.respuestas import Vista, sin_vacios
from bff.infrastructure.web.rutas import Rutas
from bff.infrastructure.web.schemas.campos import Parametros
from bff.infrastructure.web.schemas.paginas import Tablero

rutas = Rutas("dashboard", __name__, description="Cifras de la casa")


@rutas.consulta("/dashboard", Tablero(), Parametros(), lecturas=("clientes", "payouts", "campanias"), personal=True)
def ver(dicho: dict[str, Any]) -> Vista:
    """Totales y lo más reciente."""
    tablero = correr(contenedor().generar_dashboard.ejecutar())
    return Vista(sin_vacios(tablero, "notas"), entera=not tablero.notas)
