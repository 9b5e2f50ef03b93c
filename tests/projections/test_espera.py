"""Read your own writes: a query waits for the tables that feed it, and for no others."""

import threading
import time

import pytest

from projections.motor.espera import esperar
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import payout
from tests.projections.log_en_memoria import eventos_de


def test_lo_ya_alcanzado_no_espera(lectura: Lectura) -> None:
    lectura.ocurre("pagos", payout())
    assert esperar(lectura.motor, ("payouts",), {"pagos": lectura.logs["pagos"].cabeza()}, 0)


def test_lo_que_no_llega_se_dice_a_tiempo(lectura: Lectura) -> None:
    lectura.ocurre("pagos", payout())
    inicio = time.monotonic()
    assert not esperar(lectura.motor, ("payouts",), {"pagos": 10**9}, 0.2)
    assert time.monotonic() - inicio < 5


def test_se_espera_a_la_mas_lenta_de_las_lecturas(lectura: Lectura) -> None:
    posicion = lectura.logs["pagos"].agregar(*eventos_de(payout()))
    minimos = {"pagos": posicion}
    resultado: list[bool] = []
    hilo = threading.Thread(
        target=lambda: resultado.append(esperar(lectura.motor, ("payouts", "clientes"), minimos, 120))
    )
    hilo.start()
    lectura.alcanzar()
    hilo.join()
    assert resultado == [True]


def test_cuantos_esperan_ven_llegar_cada_uno_lo_suyo(lectura: Lectura) -> None:
    posiciones = [lectura.logs["pagos"].agregar(*eventos_de(payout())) for _ in range(3)]
    resultados: dict[int, bool] = {}

    def uno(posicion: int) -> None:
        resultados[posicion] = esperar(
            lectura.motor, ("payouts",), {"pagos": posicion}, 120 if posicion < 10**6 else 0.3
        )

    hilos = [threading.Thread(target=uno, args=(posicion,)) for posicion in (10**9, *posiciones, *posiciones)]
    for hilo in hilos:
        hilo.start()
    # Whoever looks for all gives up first: another goes on.
    hilos[0].join()
    lectura.alcanzar()
    for hilo in hilos:
        hilo.join()
    assert resultados == {10**9: False, **dict.fromkeys(posiciones, True)}


@pytest.mark.parametrize("minimos", [{}, {"clientes": 10**9}, {"otro": 5}])
def test_los_modulos_que_no_alimentan_la_consulta_no_cuentan(lectura: Lectura, minimos: dict[str, int]) -> None:
    assert esperar(lectura.motor, ("payouts",), minimos, 0)
