"""Read your own writes: a page that waits until its tables know what a command's answer told."""

from flask import request
from sqlalchemy.exc import SQLAlchemyError

from bff.domain.exceptions import AunNoLlega, ParametrosInvalidos
from bff.infrastructure.adapters.lectura import falla_de
from bff.infrastructure.plazo import queda
from bff.infrastructure.web.circunstancias import ceder, contenedor
from projections.motor.espera import CABECERA, PACIENCIA, esperar, leer_minimos


def esperar_posicion(lecturas: tuple[str, ...]) -> bool:
    """Wait until the read models ``lecturas`` have reached what X-Posicion-Minima asks for; False when it asks nothing.

    Modules that feed none of them don't count. Raises ParametrosInvalidos, AunNoLlega, FallaDeServicio.
    """
    dicho = request.headers.get(CABECERA)
    if dicho is None:
        return False
    try:
        minimos = leer_minimos(dicho)
    except ValueError as error:
        raise ParametrosInvalidos({CABECERA: [str(error)]}) from None
    try:
        segundos = min(PACIENCIA, queda(PACIENCIA))
        llego = esperar(contenedor().motor_de_marcas, lecturas, minimos, segundos, ceder)
    except SQLAlchemyError as error:
        raise falla_de(error, "base de datos") from error
    if not llego:
        raise AunNoLlega
    return True
