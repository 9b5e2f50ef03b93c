"""A process moves while each of its loops does."""

import os
import threading
from pathlib import Path

from gateway.pulso import DE_LARGO_ALIENTO, RITMO, Pulso, late
from tests.eventualmente import eventualmente


def test_late_mientras_todos_sus_bucles_preguntan_si_terminar(tmp_path: Path) -> None:
    archivo = tmp_path / "pulsos" / "trabajador"
    assert not late(archivo)
    pulso, sigue = Pulso(archivo, quieto=0.3), threading.Event()
    buenos = [threading.Thread(target=_girar, args=(pulso,)) for _ in range(2)]
    larga = threading.Thread(target=_atascarse, args=(pulso, sigue), name=f"{DE_LARGO_ALIENTO} pagos")
    malo = threading.Thread(target=_atascarse, args=(pulso, sigue))
    for hilo in (*buenos, larga):
        hilo.start()
    eventualmente(lambda: late(archivo), bool)
    _olvidar(archivo)
    eventualmente(lambda: late(archivo), bool)
    malo.start()
    # Noted until it is stuck, and never again.
    eventualmente(lambda: _vuelve_a_notarse(archivo), lambda vivo: not vivo)
    sigue.set()
    # Who has ended is not stuck.
    eventualmente(lambda: late(archivo), bool)
    pulso.set()
    for hilo in (*buenos, larga, malo):
        hilo.join(5)


def _girar(pulso: Pulso) -> None:
    while not pulso.wait(0.05):
        pass


def _atascarse(pulso: Pulso, sigue: threading.Event) -> None:
    pulso.is_set()
    sigue.wait()


def _vuelve_a_notarse(archivo: Path) -> bool:
    _olvidar(archivo)
    threading.Event().wait(1.5 * RITMO)
    return late(archivo)


def _olvidar(archivo: Path) -> None:
    """As if a minute had passed since it was touched."""
    os.utime(archivo, (archivo.stat().st_mtime - 60,) * 2)
