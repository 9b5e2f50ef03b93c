"""The loops of ``alpes trabajador`` and ``alpes reloj``. Any number of either may run."""

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

from domain.politicas import POLITICAS
from gateway.bucle import a_la_vez, repetir
from gateway.composicion import Sistema, construir
from gateway.config import Config
from gateway.eventos.log import logs_de
from gateway.eventos.reacciones import Reacciones
from gateway.procesador import elegir
from gateway.procesador.conductor import Conductor
from gateway.reloj import Reloj
from projections.campanias.consultas import con_fecha_vencida
from projections.motor.trabajador import preparar_proceso, seguir
from projections.por_procesar.consultas import vencidos
from projections.por_procesar.tabla import FilaDePorProcesar
from projections.registro import CODIGO

Parte = Callable[[Sistema, Config, threading.Event], None]


def trabajar(config: Config, parar: threading.Event, solo: str | None = None) -> None:
    """Keep query tables, reactions and payments going until ``parar`` is set.

    ``solo``: only this part of the work, one of PARTES. Raises KeyError for another name, and what ``construir``
    raises: whoever started this process starts it again.
    """
    partes = PARTES if solo is None else {solo: PARTES[solo]}
    with construir(config) as sistema:
        preparar_proceso()
        a_la_vez([partial(parte, sistema, config, parar) for parte in partes.values()], parar)


def llevar_el_reloj(config: Config, parar: threading.Event) -> None:
    """Begin and end campaigns on their dates until ``parar`` is set. Raises what ``construir`` raises."""
    with construir(config, conexiones=2) as sistema:

        def vencidas(ahora: datetime) -> list[str]:
            with sistema.motor.connect() as conexion:
                return con_fecha_vencida(conexion, ahora)

        reloj = Reloj(sistema.campanias, vencidas, sistema.reloj)
        a_la_vez([partial(repetir, "reloj", reloj.paso, parar)], parar)


def _proyecciones(sistema: Sistema, _: Config, parar: threading.Event) -> None:
    seguir(CODIGO, logs_de(sistema.aplicaciones), sistema.motor, parar)


def _reacciones(sistema: Sistema, config: Config, parar: threading.Event) -> None:
    if config.pulsar_broker_url is not None:
        # The consumer reacts to what the broker tells. Both keep one position: changing over loses nothing.
        return
    origenes = {politica.ORIGEN for politica in POLITICAS}
    a_la_vez([partial(_reaccionar, sistema, origen, parar) for origen in origenes], parar)


def _reaccionar(sistema: Sistema, origen: str, parar: threading.Event) -> None:
    reacciones = Reacciones(sistema.aplicaciones[origen], sistema.aplicaciones, sistema.reloj, sistema.motor)
    repetir(f"reacciones:{origen}", reacciones.paso, parar)
    reacciones.cerrar()


def _procesador(sistema: Sistema, config: Config, parar: threading.Event) -> None:
    procesador = elegir(config, sistema.reloj)
    if procesador is None:
        return

    def por_procesar(ahora: datetime, limite: int) -> list[FilaDePorProcesar]:
        with sistema.motor.connect() as conexion:
            return vencidos(conexion, ahora, limite)

    conductor = Conductor(sistema.pagos, procesador, por_procesar, sistema.reloj)
    repetir("procesador", conductor.paso, parar)
    conductor.cerrar()


PARTES: dict[str, Parte] = {"proyecciones": _proyecciones, "reacciones": _reacciones, "procesador": _procesador}
"""What a worker does, by name."""
