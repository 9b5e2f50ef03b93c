"""What commands need to work on read models."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from gateway.local.errores import FallaLocal

if TYPE_CHECKING:
    from gateway.composicion import Sistema
    from projections.motor.conduccion import Taller
    from projections.motor.marcha import Aviso


def taller_de(sistema: "Sistema", avance: "Aviso") -> "Taller":
    """The system's read models, logs and database, with somebody to tell how far it is."""
    from gateway.eventos.log import logs_de
    from projections.motor.conduccion import Taller
    from projections.registro import CODIGO

    return Taller(CODIGO, logs_de(sistema.aplicaciones), sistema.motor, avance)


def elegidas(nombre: str | None) -> list[str]:
    """The read model of that name, or all. Raises click.UsageError when there is none."""
    from projections.registro import PROYECCIONES

    nombres = list(dict.fromkeys(una.nombre for una in PROYECCIONES))
    if nombre is None:
        return nombres
    if nombre not in nombres:
        raise click.UsageError(f"No existe la proyección «{nombre}»: es una de {', '.join(nombres)}")
    return [nombre]


@contextmanager
def explicado() -> Iterator[None]:
    """Turn what stops work on a read model into FallaLocal, with what to do, within a ``with`` block."""
    from projections.motor.cambio import GeneracionMovida
    from projections.motor.conduccion import ActivaDetenida
    from projections.motor.exclusiva import ReconstruccionEnMarcha
    from projections.motor.reconstruccion import SinCodigo, SinGeneracion
    from projections.motor.seguimiento import PosicionDisputada

    try:
        yield
    except ReconstruccionEnMarcha as error:
        raise FallaLocal(f"{error}: espere a que termine, o deténgalo, y repita la orden") from error
    except ActivaDetenida as error:
        raise FallaLocal(f"{error} Ejecute «alpes trabajador» y repita la orden: sigue donde quedó") from error
    except PosicionDisputada as error:
        raise FallaLocal("Otro proceso tomó el relevo; repita la orden: sigue donde quedó") from error
    except (GeneracionMovida, SinCodigo, SinGeneracion) as error:
        raise FallaLocal(str(error)) from error
