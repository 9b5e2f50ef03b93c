"""How long a second start takes until the first answered request."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from gateway.config import RAIZ, Config
from gateway.local.direcciones import responde
from gateway.local.sistema import puerto_libre
from tests.banco.medir import Razon
from tests.eventualmente import eventualmente

META = 5.0


def medir(config: Config, rondas: int) -> list[Razon]:
    """Seconds from the command to the first answer, as a ratio of the goal to what it took."""
    carpeta = config.alpes_dir / "arranque"
    _arrancar(carpeta)
    segundos = [_arrancar(carpeta) for _ in range(rondas)]
    return [
        Razon(
            "segundo arranque hasta la primera respuesta",
            f"{META:.0f} s",
            1.0,
            META / median(segundos),
            META / max(segundos),
            META / min(segundos),
            median(segundos),
            META,
            "segundos",
        )
    ]


def _arrancar(carpeta: Path) -> float:
    puerto = puerto_libre()
    entorno = {nombre: valor for nombre, valor in os.environ.items() if nombre != "DB_URL"}
    entorno |= {"ALPES_DIR": str(carpeta), "API_PORT": str(puerto), "PYTHONPATH": str(RAIZ)}
    entorno["BFF_PORT"] = str(puerto_libre())
    inicio = perf_counter()
    proceso = subprocess.Popen(
        [sys.executable, "-P", "-m", "gateway.cli", "levantar"],
        env=entorno,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        eventualmente(lambda: responde(f"http://127.0.0.1:{puerto}/health"), bool, segundos=60)
        return perf_counter() - inicio
    finally:
        proceso.send_signal(signal.SIGTERM)
        proceso.wait(30)
