"""The list of the broker's jars."""

import hashlib

import pytest

from gateway.local.errores import FallaLocal
from gateway.local.jar import LISTA, jars_de_esta_maquina


def test_de_la_parte_nativa_se_toma_solo_la_de_esta_maquina() -> None:
    linux, mac = (jars_de_esta_maquina(sistema=sistema) for sistema in ("linux", "darwin"))
    assert (len(linux), len(mac)) == (109, 109)
    assert {jar.clasificador for jar in linux} == {"", "linux64"}
    assert {jar.clasificador for jar in mac} == {"", "osx"}
    with pytest.raises(FallaLocal, match="no puede funcionar en esta máquina"):
        jars_de_esta_maquina(sistema="win32")


def test_las_sumas_escritas_junto_a_los_archivos_son_las_suyas() -> None:
    leeme = (LISTA.parent / "README.md").read_text()
    for archivo in LISTA.parent.iterdir():
        if archivo.name != "README.md":
            assert f"`{hashlib.sha256(archivo.read_bytes()).hexdigest()}`" in leeme, archivo.name
