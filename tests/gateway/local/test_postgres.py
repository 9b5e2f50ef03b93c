"""The embedded server, through all that may happen to it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gateway.local.errores import FallaLocal
from gateway.local.postgres import PostgresLocal
from gateway.local.secretos import ARCHIVO
from gateway.local.sistema import procesos_en
from tests.eventualmente import eventualmente


@pytest.fixture
def carpeta(tmp_path: Path) -> Iterator[Path]:
    carpeta = tmp_path / "con espacios" / ".alpes"
    yield carpeta
    assert procesos_en(carpeta / "postgres") == []


def _preguntar(servidor: PostgresLocal, consulta: str) -> object:
    with psycopg.connect(servidor.url) as conexion:
        fila = conexion.execute(consulta).fetchone()
        return fila and fila[0]


def _arrancado(carpeta: Path) -> PostgresLocal:
    servidor = PostgresLocal(carpeta)
    servidor.arrancar()
    servidor.esperar()
    return servidor


def test_guarda_de_verdad_en_disco_y_ordena_como_en_todas_partes(carpeta: Path) -> None:
    servidor = _arrancado(carpeta)
    try:
        for ajuste in ("fsync", "synchronous_commit", "full_page_writes"):
            assert _preguntar(servidor, f"SHOW {ajuste}") == "on"
        assert _preguntar(servidor, "SHOW idle_in_transaction_session_timeout") == "5s"
        assert _preguntar(servidor, "SELECT lower('ÁÑÜ')") == "áñü"
    finally:
        servidor.parar()


def test_solo_entra_quien_trae_la_clave_y_solo_la_guarda_su_dueno(carpeta: Path) -> None:
    servidor = _arrancado(carpeta)
    try:
        assert (carpeta / ARCHIVO).stat().st_mode & 0o777 == 0o600
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(servidor.url.replace(servidor.secretos.clave_alpes, "otra"))
        assert _preguntar(servidor, "SELECT usesuper FROM pg_user WHERE usename = current_user") is False
        assert _preguntar(servidor, "SHOW listen_addresses") == "127.0.0.1"
    finally:
        servidor.parar()


def test_tras_matarlo_vuelve_con_lo_que_tenia(carpeta: Path) -> None:
    servidor = _arrancado(carpeta)
    with psycopg.connect(servidor.url, autocommit=True) as conexion:
        conexion.execute("CREATE TABLE t AS SELECT 7 AS x")
    assert servidor.proceso is not None
    servidor.proceso.kill()
    servidor.proceso.wait()
    otro = _arrancado(carpeta)
    try:
        assert _preguntar(otro, "SELECT x FROM t") == 7
    finally:
        otro.parar()


def test_un_pid_viejo_que_ahora_es_de_otro_programa_no_lo_detiene(carpeta: Path) -> None:
    _arrancado(carpeta).parar()
    (carpeta / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{carpeta}/postgres\n0\n1\n\n\n\nready\n")
    _arrancado(carpeta).parar()


def test_una_creacion_interrumpida_no_deja_nada_a_medias(carpeta: Path) -> None:
    (carpeta / "postgres.nueva" / "base").mkdir(parents=True)
    servidor = _arrancado(carpeta)
    servidor.parar()
    assert not (carpeta / "postgres.nueva").exists()


def test_si_se_pierden_las_claves_no_inventa_otras(carpeta: Path) -> None:
    _arrancado(carpeta).parar()
    (carpeta / ARCHIVO).unlink()
    with pytest.raises(FallaLocal, match=r"falta .*secretos\.json"):
        _arrancado(carpeta)


def test_se_halla_el_que_otro_proceso_tiene_en_marcha(carpeta: Path) -> None:
    assert PostgresLocal.en_marcha(carpeta) is None
    servidor = _arrancado(carpeta)
    try:
        hallado = PostgresLocal.en_marcha(carpeta)
        assert hallado is not None
        assert hallado.url == servidor.url
    finally:
        servidor.parar()
    assert PostgresLocal.en_marcha(carpeta) is None


def test_dos_copias_viven_a_la_vez(carpeta: Path, tmp_path: Path) -> None:
    uno, otro = _arrancado(carpeta), _arrancado(tmp_path / "otra")
    try:
        assert _preguntar(uno, "SELECT 1") == _preguntar(otro, "SELECT 1") == 1
    finally:
        uno.parar()
        otro.parar()


def test_uno_que_quedo_suelto_se_detiene_antes_de_arrancar(carpeta: Path) -> None:
    suelto = _arrancado(carpeta)
    nuevo = _arrancado(carpeta)
    try:
        assert suelto.proceso is not None
        assert eventualmente(suelto.proceso.poll, lambda codigo: codigo is not None) is not None
        assert _preguntar(nuevo, "SELECT 1") == 1
    finally:
        nuevo.parar()
        shutil.rmtree(carpeta)
