"""Whoever works with the database of this machine: in turn, and ended when that is asked for while they wait."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from gateway.config import Config
from gateway.local.base import con_base
from gateway.local.candado import candado
from gateway.local.errores import FallaLocal
from gateway.local.postgres import PostgresLocal
from gateway.local.secretos import ARCHIVO
from gateway.local.sistema import puerto_libre
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


def test_levantar_termina_cuando_se_le_pide_aunque_su_propia_base_no_le_abra(tmp_path: Path) -> None:
    carpeta, dicho = tmp_path / "alpes", tmp_path / "dicho.txt"
    servidor = PostgresLocal(carpeta)
    servidor.arrancar()
    servidor.esperar()
    servidor.parar()
    secretos = carpeta / ARCHIVO
    secretos.write_text(secretos.read_text().replace(servidor.secretos.clave_admin, "otra"))
    puertos = {"API_PORT": str(puerto_libre()), "BFF_PORT": str(puerto_libre())}
    with en_marcha(dicho, "levantar", "--sin-broker", ALPES_DIR=str(carpeta), **puertos) as proceso:
        eventualmente(servidor.registro.read_text, lambda registro: "password authentication failed" in registro)
        proceso.terminate()
        assert proceso.wait(120) == 0, dicho.read_text()
