"""The main job, as a new user meets it."""

import re
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url

from domain.base.contexto import Actor
from gateway.acceso.identidad import Rol
from gateway.acceso.llaves import crear, listar
from gateway.config import RAIZ, leer
from gateway.local.base import con_base
from gateway.local.sistema import puerto_libre
from tests.recorridos.pila_en_marcha import cliente, pila

PACIENCIA = 240
"""Seconds that a whole run may take on a busy machine."""


@pytest.fixture
def carpeta(tmp_path: Path) -> Path:
    return tmp_path / "con espacios" / ".alpes"


def test_la_demo_hace_su_libro_y_puede_repetirse(carpeta: Path) -> None:
    for vez in (1, 2):
        with pila(carpeta, "demo", "--salir") as una:
            assert una.proceso.wait(PACIENCIA) == 0, una.dicho()
            dicho = una.dicho()
        # The second time with the doors closed.
        assert ("se revoca al final" in dicho) == (vez == 2)
        with con_base(leer({"ALPES_DIR": str(carpeta)})) as config:
            motor = create_engine(make_url(str(config.db_url)).set(drivername="postgresql+psycopg"), poolclass=NullPool)
            assert [una.revocada_en is not None for una in listar(motor)] == [False, True][: 2 * (vez - 1)]
            if vez == 1:
                crear(motor, "panel", {Rol.LECTURA}, None, Actor("cli", "yo"))
        assert f"VERANO-{vez} aprobada, y el reloj la inició: ACTIVA" in dicho
        assert f"OTONO-{vez}: CANCELADA" in dicho
        assert "se reintentó solo y se pagó → COMPLETADO" in dicho
        assert "tres cosas para probar" in dicho
        paradas = re.findall(r"deteniendo (\w+)", dicho)
        assert paradas == ["consumidor", "relevo", "bff", "api", "trabajador", "reloj", "pulsar", "postgres"]


def test_lo_que_no_arranca_se_dice_sin_esperarlo(carpeta: Path, db_url: str) -> None:
    llaves = {"DB_URL": db_url, "LLAVE_MAESTRA": "0f" * 32, "LLAVE_UNICIDAD": "0f" * 32}
    with pila(carpeta, "levantar", "--sin-broker", entorno={**llaves, "BFF_MAX_PAGE_SIZE": "0"}) as una:
        assert una.proceso.wait(PACIENCIA) == 1
        assert "BFF_MAX_PAGE_SIZE: debe ser un entero" in una.dicho()
        assert "alpes: No arranca: bff" in una.dicho()


def test_dos_copias_viven_a_la_vez_y_dos_en_la_misma_carpeta_no(carpeta: Path, tmp_path: Path) -> None:
    with pila(carpeta, "levantar", "--sin-broker") as una, pila(tmp_path / "otra", "levantar", "--sin-broker") as otra:
        una.esperar_lista()
        otra.esperar_lista()
        for copia in (una, otra):
            with cliente(copia) as api:
                assert api.get("/health").json()["status"] == "up"
        migrada = subprocess.run([str(RAIZ / "alpes"), "migrar"], env=una.entorno(), capture_output=True, check=False)
        assert (migrada.returncode, migrada.stderr) == (0, b"")
        repetida = subprocess.run(
            [str(RAIZ / "alpes"), "levantar"],
            env=una.entorno() | {"API_PORT": str(puerto_libre()), "BFF_PORT": str(puerto_libre())},
            capture_output=True,
            text=True,
            check=False,
        )
        assert repetida.returncode == 1
        assert "Ya hay una pila en marcha" in repetida.stderr


def test_un_proxy_de_la_red_y_otro_postgres_no_se_ponen_en_medio(carpeta: Path) -> None:
    proxy = dict.fromkeys(("http_proxy", "HTTP_PROXY", "all_proxy"), "http://127.0.0.1:9")
    nadie = {"no_proxy": "", "NO_PROXY": ""}
    otro = {"PGHOSTADDR": "192.0.2.7", "PGSERVICE": "otro", "PGSSLMODE": "require"}
    otro["PGOPTIONS"] = "-c default_transaction_read_only=on"
    with pila(carpeta, "demo", "--salir", "--sin-broker", entorno=proxy | nadie | otro) as una:
        assert una.proceso.wait(PACIENCIA) == 0, una.dicho()
        assert "VERANO-1 aprobada" in una.dicho()
