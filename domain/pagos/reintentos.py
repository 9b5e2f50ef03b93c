"""How often a payment is tried, and after how long."""

from datetime import timedelta

from domain.pagos.errores import IntentoSinEmpezar

INTENTOS = 3
"""The failure of the last one is definitive."""

ESPERAS = (timedelta(seconds=1), timedelta(seconds=4))
"""From the failure of the first and of the second attempt to the next one, where nobody orders it before."""

PLAZO_DE_RESPUESTA = timedelta(seconds=30)
"""With no answer by then, the fate of an attempt is unknown."""


def espera_tras(fallos: int) -> timedelta:
    """How long to wait after the ``fallos``-th failure (1 or 2; the third is definitive)."""
    return ESPERAS[min(fallos, len(ESPERAS)) - 1]


def ya_fallo(intento: int | None, ultimo: int) -> bool:
    """Whether a failure speaks of an attempt before ``ultimo`` (None: of that one). Raises IntentoSinEmpezar."""
    if intento is None:
        return False
    if intento > ultimo:
        raise IntentoSinEmpezar
    return intento < ultimo
