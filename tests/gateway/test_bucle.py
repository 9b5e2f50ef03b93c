"""A worker's loop ends when it is told to, and not because something failed."""

import threading

import pytest
from eventsourcing.persistence import OperationalError

from gateway.bucle import a_la_vez, repetir


@pytest.mark.parametrize("error", [OperationalError("se fue"), ZeroDivisionError("un error nuestro")])
def test_un_paso_que_falla_se_repite(error: Exception) -> None:
    parar, pasos = threading.Event(), 0

    def paso() -> float:
        nonlocal pasos
        pasos += 1
        if pasos < 3:
            raise error
        parar.set()
        return 0.0

    repetir("prueba", paso, parar)
    assert pasos == 3


def test_un_bucle_ya_parado_no_da_ni_un_paso() -> None:
    parar = threading.Event()
    parar.set()
    repetir("prueba", lambda: pytest.fail("dio un paso"), parar)


def test_lo_que_muere_se_lleva_a_lo_que_corre_a_su_lado() -> None:
    parar = threading.Event()

    def morir() -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        a_la_vez([parar.wait, morir], parar)
    assert parar.is_set()
