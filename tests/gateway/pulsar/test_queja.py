"""A broker that is away for hours leaves some lines in the log, and none that isn't ours."""

import subprocess
import sys
from pathlib import Path

from structlog.testing import capture_logs

from gateway.config import RAIZ, para_hijos
from gateway.local.sistema import puerto_libre
from gateway.pulsar.cliente import BITACORA
from gateway.pulsar.queja import Queja
from tests.gateway.sistema import config_de


def test_se_dice_cuando_cambia_y_despues_de_vez_en_cuando() -> None:
    ahora = 1000.0
    una = Queja(lambda: ahora, relevo="relevo:pagos")
    with capture_logs() as lineas:
        for _ in range(120):
            una.decir("no se puede relevar por ahora", "Timeout")
            ahora += 0.5
        una.decir("no se puede relevar por ahora", "ConnectError")
        una.callar()
        una.decir("no se puede relevar por ahora", "ConnectError")
    assert [linea["error"] for linea in lineas] == ["Timeout", "Timeout", "ConnectError", "ConnectError"]
    assert {linea["relevo"] for linea in lineas} == {"relevo:pagos"}


PROGRAMA = """
import pulsar
from gateway.config import leer
from gateway.pulsar.cliente import cliente

uno = cliente(leer())
try:
    uno.create_producer("persistent://public/default/nada")
except pulsar.PulsarException:
    uno.close()
"""


def test_lo_que_dice_el_cliente_de_pulsar_no_se_mezcla_con_lo_nuestro(tmp_path: Path) -> None:
    nadie = f"pulsar://127.0.0.1:{puerto_libre()}"
    config = config_de("", pulsar_broker_url=nadie, alpes_dir=tmp_path)
    # A process of its own: the library writes where the first client of a process told it to.
    hecho = subprocess.run(
        [sys.executable, "-P", "-c", PROGRAMA],
        env={**para_hijos(config), "PYTHONPATH": str(RAIZ)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert (hecho.stdout, hecho.stderr) == ("", "")
    assert "refused" in (tmp_path / BITACORA).read_text()
