"""Commands one after another over the database of this machine, which each starts and stops."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.config import Config
from gateway.local.base import con_base
from gateway.local.candado import candado
from gateway.local.errores import FallaLocal
from tests.en_marcha import en_marcha
from tests.eventualmente import eventualmente


def test_un_comando_espera_a_que_otro_termine_con_la_base_y_lo_dice(tmp_path: Path) -> None:
    carpeta, dicho = tmp_path / "alpes", tmp_path / "dicho.txt"
    with ExitStack() as otro:
        assert otro.enter_context(candado(carpeta))
        with en_marcha(dicho, "migrar", ALPES_DIR=str(carpeta)) as comando:
            eventualmente(lambda: "se espera a que termine" in dicho.read_text() or comando.poll() is not None, bool)
            assert comando.poll() is None, dicho.read_text()
            otro.close()
            assert comando.wait(120) == 0, dicho.read_text()
    assert dicho.read_text().splitlines()[1:] == ["tablas al día"]


def test_a_un_comando_que_no_termina_no_se_le_espera_para_siempre(tmp_path: Path) -> None:
    falla = pytest.raises(FallaLocal, match="Otro comando usa la base de datos")
    with candado(tmp_path), falla, con_base(Config(alpes_dir=tmp_path), paciencia=0):
        raise AssertionError
