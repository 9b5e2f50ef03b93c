"""Generations under test: what it takes to rebuild them, to follow them, and to see where they are."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text

from projections.motor.conduccion import Taller
from projections.motor.generaciones import Generacion, de
from projections.motor.proyeccion import Proyeccion
from projections.motor.trabajador import seguir
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import pagado
from tests.projections.log_en_memoria import eventos_de


def taller(lectura: Lectura, *mas: Proyeccion, **cambios: Any) -> Taller:
    """With patience for a busy machine."""
    suyo = {"proyecciones": (*PROYECCIONES, *mas), "logs": lectura.logs, "motor": lectura.motor, "paciencia": 120.0}
    return Taller(**{**suyo, **cambios})


def generaciones(lectura: Lectura, nombre: str = "payouts") -> list[Generacion]:
    with lectura.motor.connect() as conexion:
        return de(conexion, nombre)


def estados(lectura: Lectura, nombre: str = "payouts") -> list[tuple[int, int, str, str]]:
    return [(una.numero, una.version, una.esquema, una.estado) for una in generaciones(lectura, nombre)]


def ordenar(lectura: Lectura, orden: str) -> None:
    with lectura.motor.begin() as conexion:
        conexion.execute(text(orden))


@contextmanager
def trabajando(lectura: Lectura, *proyecciones: Proyeccion) -> Iterator[None]:
    parar = threading.Event()
    hilo = threading.Thread(target=seguir, args=(proyecciones or PROYECCIONES, lectura.logs, lectura.motor, parar))
    hilo.start()
    try:
        yield
    finally:
        parar.set()
        hilo.join(120)
        assert not hilo.is_alive()


def pagar(lectura: Lectura, numero: int) -> None:
    lectura.logs["pagos"].agregar(*eventos_de(pagado(f"nuevo-{numero}", cliente_id="ana")))
