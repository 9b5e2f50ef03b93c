"""A broker of the test's own, taken back to a copy of its data."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.local.pulsar import PulsarLocal
from gateway.topics import Topics
from tests.broker import PLAZO, broker_propio
from tests.detenido import detenido
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.relevo.conftest import mesa_en
from tests.gateway.relevo.restauracion import alinear, ver


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[PulsarLocal]:
    broker = broker_propio(tmp_path)
    _arrancar(broker)
    try:
        yield broker
    finally:
        broker.parar()


@pytest.fixture
def mesa(db_url: str, broker: PulsarLocal, topics: Topics) -> Iterator[Mesa]:
    with mesa_en(db_url, broker, topics) as mesa:
        yield mesa


def _arrancar(broker: PulsarLocal) -> None:
    broker.arrancar()
    broker.esperar(PLAZO)


def _copiar(de: Path, a: Path) -> None:
    """With whom the files belong to: the broker is not root."""
    subprocess.run(["/bin/cp", "-a", de, a], check=True)


def test_lo_que_perdio_el_broker_se_dice_y_se_vuelve_a_contar(mesa: Mesa, broker: PulsarLocal, tmp_path: Path) -> None:
    mesa.pagar(3)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    proceso, copia = broker.proceso, tmp_path / "copia"
    assert proceso is not None
    # As a snapshot of its disk would be.
    with detenido(proceso):
        _copiar(broker.datos, copia)
    mesa.pagar(3)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()

    broker.parar()
    shutil.rmtree(broker.datos)
    copia.rename(broker.datos)
    # What says that there is nothing to cure is about the data that are gone.
    broker.registro.unlink()
    _arrancar(broker)
    visto = ver(mesa)
    assert (visto.alineado, len(visto.por_recontar), visto.tardios, visto.perdidos) == (False, 12, [], [])
    alinear(mesa)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    assert ver(mesa).alineado
