"""Windows of limits change by the clock of the wall: what is counted across a change is counted otherwise."""

import time

from tests.eventualmente import eventualmente


def en_una_ventana(largo: float, hacen_falta: float) -> None:
    """Wait until so many seconds are left of the present window of ``largo`` seconds."""
    eventualmente(lambda: largo - time.time() % largo, lambda quedan: quedan > hacen_falta)
