"""Rebuilds at work: two at once, giving way to who reads, and ending when somebody interrupts."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gateway.cli.taller import taller_de

if TYPE_CHECKING:
    from gateway.composicion import Sistema
    from projections.motor.conduccion import Taller
    from projections.motor.marcha import Aviso
    from projections.motor.proyeccion import Proyeccion
    from projections.motor.reconstruccion import Resultado

LOTE_EN_MARCHA = 1000
"""Events a batch when it gives way: short steps let others in."""


class Interrumpida(Exception):
    """Somebody wants it to end."""


def reconstruir_de_a_dos(
    sistema: "Sistema",
    nombres: Sequence[str],
    avance: "Aviso",
    limite_ms: int | None,
    hecha: Callable[["Resultado"], None],
    **como: Any,
) -> None:
    """Rebuild these read models, telling each result. ``como`` as ``reconstruir`` of the engine takes it.

    ``limite_ms``: how long a live read may take before they give way. An interruption ends them at their next batch.
    Raises what a rebuild raises, once the other has ended.
    """
    from projections.motor.de_a_dos import de_a_dos
    from projections.motor.reconstruccion import reconstruir
    from projections.registro import PROYECCIONES

    fin = threading.Event()

    def una(proyeccion: "Proyeccion") -> None:
        with _taller(sistema, proyeccion, avance, limite_ms, fin) as taller:
            hecha(reconstruir(proyeccion.nombre, taller, **como))

    de_a_dos(una, [proyeccion for proyeccion in PROYECCIONES if proyeccion.nombre in nombres], fin.set)


@contextmanager
def _taller(
    sistema: "Sistema", proyeccion: "Proyeccion", avance: "Aviso", limite_ms: int | None, fin: threading.Event
) -> Iterator["Taller"]:
    """With a limit, it looks at how long the newest rows take to read, on a connection of its own, and gives way."""
    from sqlalchemy import text

    from projections.motor.gobernador import Gobernador

    def exigir_que_siga() -> None:
        if fin.is_set():
            raise Interrumpida

    taller = replace(taller_de(sistema, avance), freno=exigir_que_siga)
    if limite_ms is None:
        yield taller
        return
    tabla = proyeccion.conmutadores[0].tabla
    consulta = text(f"SELECT * FROM public.{tabla.nombre} ORDER BY {tabla.clave} DESC LIMIT 20")  # noqa: S608
    with sistema.motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        gobernador = Gobernador(lambda: conexion.execute(consulta).all(), limite_ms)

        def freno() -> None:
            exigir_que_siga()
            gobernador()

        yield replace(taller, freno=freno, limite=LOTE_EN_MARCHA)
