"""Read your own writes: a page that waits until its tables know what a command's answer told."""

import re

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from bff.domain.exceptions import AunNoLlega, ParametrosInvalidos
from bff.infrastructure.adapters.lectura import falla_de
from bff.infrastructure.plazo import queda
from bff.infrastructure.web.circunstancias import contenedor
from gateway.entrada import turno_cedido
from projections.motor.espera import esperar

CABECERA = "X-Posicion-Minima"
PACIENCIA = 2.0
"""Seconds that a page waits at most."""
APLICACIONES = {"cliente": "clientes", "pagos": "pagos", "campanias": "campanias"}
"""The application, and so the log, behind each module's outside name."""
_PAREJA = re.compile(r"[ \t]*(cliente|pagos|campanias):([0-9]{1,18})[ \t]*")


def esperar_posicion(lecturas: tuple[str, ...]) -> bool:
    """Wait until the read models ``lecturas`` have reached what X-Posicion-Minima asks for; False when it asks nothing.

    Modules that feed none of them don't count. Raises ParametrosInvalidos, AunNoLlega, FallaDeServicio.
    """
    dicho = request.headers.get(CABECERA)
    if dicho is None:
        return False
    minimos: dict[str, int] = {}
    for trozo in dicho.split(","):
        pareja = _PAREJA.fullmatch(trozo)
        if pareja is None:
            raise ParametrosInvalidos({CABECERA: ["debe ser una lista de modulo:posicion"]})
        aplicacion = APLICACIONES[pareja[1]]
        minimos[aplicacion] = max(int(pareja[2]), minimos.get(aplicacion, 0))
    try:
        segundos = min(PACIENCIA, queda(PACIENCIA))
        llego = esperar(contenedor().motor_de_marcas, lecturas, minimos, segundos, lambda: turno_cedido(request))
    except SQLAlchemyError as error:
        raise falla_de(error, "base de datos") from error
    if not llego:
        raise AunNoLlega
    return True
