"""The BFF as a process: found, served, stopped, and what it says when it can't start."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from bff.infrastructure.config import leer_ajustes
from bff.infrastructure.web.app import create_bff_app
from gateway.config import RAIZ, ConfiguracionInvalida
from gateway.local.sistema import puerto_libre
from tests.bff.conftest import bff_en
from tests.eventualmente import eventualmente


def entorno(db_url: str, carpeta: Path, **mas: str) -> dict[str, str]:
    propio = {nombre: valor for nombre, valor in os.environ.items() if not nombre.startswith(("BFF_", "AUTH_"))}
    return {**propio, "DB_URL": db_url, "ALPES_DIR": str(carpeta), "PYTHONPATH": str(RAIZ), **mas}


@contextmanager
def en_marcha(orden: list[str], variables: dict[str, str], url: str) -> Iterator[httpx2.Client]:
    proceso = subprocess.Popen([sys.executable, *orden], env=variables, stdout=subprocess.DEVNULL)
    try:
        with httpx2.Client(base_url=url, trust_env=False, timeout=60) as cliente:
            eventualmente(lambda: _responde(cliente), bool)
            yield cliente
        proceso.send_signal(signal.SIGTERM)
        assert proceso.wait(60) == 0
    finally:
        proceso.kill()
        proceso.wait()


@pytest.mark.parametrize("orden", [["-m", "bff.main"], ["-P", "-m", "gateway.cli", "bff"]], ids=["modulo", "alpes"])
def test_el_bff_se_inicia_solo_y_se_detiene_cuando_se_le_pide(db_url: str, tmp_path: Path, orden: list[str]) -> None:
    puerto = puerto_libre()
    variables = entorno(db_url, tmp_path, BFF_PORT=str(puerto), BFF_HOST="127.0.0.1")
    with en_marcha(orden, variables, f"http://127.0.0.1:{puerto}/api/v1") as bff:
        for _ in range(20):
            assert bff.get("/pagos").status_code == 200
        cache = bff.get("/health").json()["cache"]
        # Two processes answer, and count together.
        assert cache["hits"] + cache["misses"] == 20
        assert cache["misses"] <= 2


def test_flask_lo_encuentra_por_su_nombre(db_url: str, tmp_path: Path) -> None:
    puerto = puerto_libre()
    fabrica = "bff.infrastructure.web.app:create_bff_app"
    orden = ["-m", "flask", "--app", fabrica, "run", "--port", str(puerto)]
    variables = entorno(db_url, tmp_path)
    proceso = subprocess.Popen([sys.executable, *orden], env=variables, stderr=subprocess.DEVNULL)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{puerto}/api/v1", trust_env=False, timeout=60) as bff:
            eventualmente(lambda: _responde(bff), bool)
            assert bff.get("/dashboard").json()["total_pagos"] == 0
    finally:
        proceso.kill()
        proceso.wait()


def test_un_solo_mensaje_dice_todo_lo_que_esta_mal(tmp_path: Path) -> None:
    malas = {
        "DB_URL": "mysql://a/b", "ALPES_DIR": str(tmp_path), "BFF_PORT": "70000", "BFF_REQUEST_TIMEOUT": "nunca",
        "BFF_MAX_PAGE_SIZE": "0", "PAGOS_SERVICE_URL": "ftp://x", "BFF_CORS_ORIGINS": "example.com",
        "AUTH_JWT_SECRET": "corto", "BFF_CACHE_TIMEOUT": "-1",
    }  # fmt: skip
    with pytest.raises(ConfiguracionInvalida) as error:
        leer_ajustes(malas)
    dicho = str(error.value)
    for nombre in malas:
        assert (nombre in dicho) == (nombre != "ALPES_DIR"), dicho


def test_los_valores_por_defecto_son_los_del_contrato(db_url: str) -> None:
    ajustes, _ = leer_ajustes({"DB_URL": db_url})
    assert (ajustes.host, ajustes.port, ajustes.debug, ajustes.cache_timeout) == ("0.0.0.0", 5001, False, 300)  # noqa: S104
    assert (ajustes.request_timeout, ajustes.max_page_size, ajustes.cors_origins) == (10, 100, ())
    assert ajustes.cliente_url == ajustes.pagos_url == ajustes.campanias_url == "http://localhost:5000"
    assert create_bff_app(ajustes).extensions["ajustes"] == ajustes


def test_sin_base_de_datos_dice_que_hacer(tmp_path: Path) -> None:
    variables = entorno("", tmp_path)
    del variables["DB_URL"]
    fin = subprocess.run([sys.executable, "-m", "bff.main"], env=variables, capture_output=True, text=True, check=False)
    assert (fin.returncode, fin.stdout) == (1, "")
    assert "ejecute «alpes levantar»" in fin.stderr


def _responde(cliente: httpx2.Client) -> bool:
    try:
        # Without its services it is unhealthy, and it answers.
        return cliente.get("/health").status_code in (200, 503)
    except httpx2.TransportError:
        return False


def test_los_tamanos_de_pagina_se_configuran(db_url: str) -> None:
    with bff_en(db_url, max_page_size=7) as app:
        bff = app.test_client()
        assert bff.get("/api/v1/pagos?per_page=8").status_code == 400
        assert bff.get("/api/v1/pagos").json["pagination"]["per_page"] == 7  # type: ignore[index]
