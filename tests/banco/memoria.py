"""Memory while rebuilding a million events, against a tenth of them: what is read must not pile up."""

import resource
import subprocess
import sys
from decimal import Decimal

from gateway.cli.siembra import sembrar
from gateway.composicion import construir
from gateway.config import RAIZ, Config, leer, para_hijos
from projections.motor.trabajador import preparar_proceso
from tests.banco.medir import Razon
from tests.banco.reconstruir import cabezas, rehacer

CANTIDAD = 107_500
"""Clients, campaigns and payouts: a million events."""
META = 1.2


def medir(config: Config, rondas: int) -> list[Razon]:
    """The ratio of the peaks of two processes, each measured once."""
    with construir(config) as sistema:
        sembrar(sistema, config, CANTIDAD, 1)
        eventos = sum(cabezas(sistema).values())
    decimo, todo = (_pico(config, parte) for parte in ("0.1", "1"))
    razon = todo / decimo
    escenario = f"memoria al reconstruir {eventos:,} eventos".replace(",", ".")
    return [Razon(escenario, "la décima parte", META, razon, razon, razon, todo, decimo, "MB", a_lo_sumo=True)]


def _pico(config: Config, parte: str) -> float:
    orden = [sys.executable, "-P", "-m", "tests.banco.memoria", parte]
    entorno = {**para_hijos(config), "PYTHONPATH": str(RAIZ)}
    return float(subprocess.run(orden, env=entorno, check=True, capture_output=True, text=True).stdout)


def _reconstruir(parte: Decimal) -> float:
    """Build from the first ``parte`` of each log; return the peak of this process's memory in MB."""
    preparar_proceso()
    with construir(leer()) as sistema:
        rehacer(sistema, {nombre: int(cabeza * parte) for nombre, cabeza in cabezas(sistema).items()})
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.stdout.write(str(_reconstruir(Decimal(sys.argv[1]))))
