"""Tables that are filled at once get their indexes afterwards, and all of them."""

import pytest

from projections.motor.obra import doblar_en
from projections.motor.proyeccion import Proyeccion
from projections.motor.reconstruccion import reconstruir, volver
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.generaciones import taller


def indices(lectura: Lectura, proyeccion: Proyeccion, esquema: str = "public") -> set[str]:
    """The definitions of the indexes of its tables in a schema, as if they were in ``public``."""
    tablas = ", ".join(f"'{tabla.nombre}'" for tabla in proyeccion.tablas)
    donde = f"pg_indexes WHERE schemaname = '{esquema}' AND tablename IN ({tablas})"
    filas = lectura.filas(donde, f"replace(indexdef, ' {esquema}.', ' public.')", "1")
    return {definicion for (definicion,) in filas}


@pytest.mark.parametrize("proyeccion", PROYECCIONES, ids=lambda una: una.nombre)
def test_reconstruidas_tienen_los_mismos_indices(vivida: Lectura, proyeccion: Proyeccion) -> None:
    antes = indices(vivida, proyeccion)
    reconstruir(proyeccion.nombre, taller(vivida))
    assert indices(vivida, proyeccion) == antes
    volver(proyeccion.nombre, taller(vivida))
    assert indices(vivida, proyeccion) == antes


@pytest.mark.parametrize("proyeccion", PROYECCIONES, ids=lambda una: una.nombre)
def test_un_borrador_tiene_solo_los_que_hacen_falta_para_llenarlo(vivida: Lectura, proyeccion: Proyeccion) -> None:
    doblar_en("borrador", proyeccion, vivida.logs, vivida.motor)
    tablas = proyeccion.tablas
    esperados = len(tablas) + sum(indice.al_construir for tabla in tablas for indice in tabla.indices)
    hechos = indices(vivida, proyeccion, "borrador")
    assert len(hechos) == esperados
    assert hechos <= indices(vivida, proyeccion)
