"""Two read models at once, and an operator who changes their mind."""

import os
import signal
import threading

import pytest

from projections.motor.de_a_dos import de_a_dos
from projections.registro import PROYECCIONES

VECES = 50


def test_quien_interrumpe_no_espera_a_lo_empezado_en_ningun_momento() -> None:
    """However early it comes: at times before the last one is begun."""
    for _ in range(VECES):
        parada = threading.Event()

        def obrar(_: object, parada: threading.Event = parada) -> None:
            os.kill(os.getpid(), signal.SIGINT)
            assert parada.wait(20), "nadie le dijo que terminara"

        with pytest.raises(KeyboardInterrupt):
            de_a_dos(obrar, PROYECCIONES[:1], parada.set)
        assert parada.is_set()
