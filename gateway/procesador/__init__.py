"""How payouts get paid: the adapters of the port ``ProcesadorDePagos`` and the loop that drives payouts through it."""

from collections.abc import Callable
from datetime import datetime

from domain.pagos.procesador import ProcesadorDePagos
from gateway.config import Config
from gateway.procesador.http import ProcesadorHttp
from gateway.procesador.simulado import ProcesadorSimulado


def elegir(config: Config, reloj: Callable[[], datetime]) -> ProcesadorDePagos | None:
    """The processor that the setting PROCESADOR names; None (``ninguno``): payouts wait for commands."""
    match config.procesador:
        case "http":
            if config.procesador_url is None:
                raise ValueError("PROCESADOR=http necesita PROCESADOR_URL")
            return ProcesadorHttp(config.procesador_url)
        case "simulado":
            return ProcesadorSimulado(reloj)
        case _:
            return None
