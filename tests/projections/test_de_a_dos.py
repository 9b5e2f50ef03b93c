"""Two read models at once, and an operator who changes their mind."""

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable

import pytest

from projections.motor.de_a_dos import de_a_dos
from projections.registro import PROYECCIONES
from tests.eventualmente import eventualmente

VECES = 10


def test_quien_interrumpe_no_espera_a_lo_empezado_en_ningun_momento() -> None:
    """However early it comes: at times before the last one is begun."""
    for _ in range(VECES):
        _interrumpir(lambda: os.kill(os.getpid(), signal.SIGINT))


def test_la_interrupcion_que_llega_a_otro_hilo_se_atiende() -> None:
    def senalar() -> None:
        eventualmente(_donde_esta_el_principal, lambda donde: donde[-1] == "wait" and "submit" not in donde)
        signal.pthread_kill(threading.get_ident(), signal.SIGINT)

    _interrumpir(senalar)


def _donde_esta_el_principal() -> list[str]:
    marco = sys._current_frames()[threading.main_thread().ident or 0]
    return [llamada.name for llamada in traceback.extract_stack(marco)]


def _interrumpir(senalar: Callable[[], None]) -> None:
    parada, se_le_dijo = threading.Event(), list[bool]()

    def obrar(_: object) -> None:
        senalar()
        se_le_dijo.append(parada.wait(60))

    with pytest.raises(KeyboardInterrupt):
        de_a_dos(obrar, PROYECCIONES[:1], parada.set)
    assert parada.is_set()
    # None, when it came before the first was begun.
    assert False not in se_le_dijo
