"""Work on several read models at once."""

import threading

import pytest

from projections.motor.de_a_dos import A_LA_VEZ, de_a_dos
from projections.motor.proyeccion import Proyeccion
from projections.registro import PROYECCIONES


def test_dos_van_a_la_vez_y_las_mas_largas_primero() -> None:
    juntas, hechas = threading.Barrier(A_LA_VEZ, timeout=10), list[Proyeccion]()

    def hacer(una: Proyeccion) -> None:
        hechas.append(una)
        if len(hechas) <= A_LA_VEZ:
            juntas.wait()

    de_a_dos(hacer, PROYECCIONES)
    assert {una.nombre for una in hechas} == {una.nombre for una in PROYECCIONES}
    assert {una.nombre for una in hechas[:A_LA_VEZ]} == {"clientes", "event_store"}


def test_si_una_falla_termina_la_que_va_y_no_empieza_ninguna_mas() -> None:
    fallo, hechas = threading.Event(), list[str]()

    def hacer(una: Proyeccion) -> None:
        if una is PROYECCIONES[0]:
            fallo.set()
            raise LookupError(una.nombre)
        assert fallo.wait(10)
        hechas.append(una.nombre)

    with pytest.raises(LookupError, match=PROYECCIONES[0].nombre):
        de_a_dos(hacer, [PROYECCIONES[0]] * 2 + [PROYECCIONES[1]] * 50)
    assert len(hechas) < 50


def test_una_interrupcion_detiene_a_las_que_van() -> None:
    fin = threading.Event()

    def hacer(una: Proyeccion) -> None:
        if una is PROYECCIONES[0]:
            raise KeyboardInterrupt
        assert fin.wait(10)

    with pytest.raises(KeyboardInterrupt):
        de_a_dos(hacer, PROYECCIONES[:2], fin.set)
