"""The rules hold for every file of the clone, and each of them catches a file that breaks it."""

from pathlib import Path

import pytest

from gateway.config import RAIZ
from tests.arquitectura import reglas
from tests.arquitectura.reglas import CARPETAS, REGLAS, Archivo, Regla

ARCHIVOS = sorted(ruta for sala in CARPETAS for ruta in (RAIZ / sala).rglob("*.py"))
LARGO = "def f() -> None:\n" + "    g()\n" * 45


@pytest.mark.parametrize("regla", REGLAS, ids=lambda regla: regla.__name__)
def test_todo_el_codigo_cumple(regla: Regla) -> None:
    faltas = [
        f"{ruta.relative_to(RAIZ)}: {falta}"
        for ruta in ARCHIVOS
        for falta in regla(Archivo(ruta.relative_to(RAIZ).as_posix(), ruta.read_text()))
    ]
    assert faltas == []


@pytest.mark.parametrize("ruta", [*reglas.LARGOS, *reglas.DUERMEN, *reglas.LECTORES_DEL_ENTORNO])
def test_una_excepcion_que_ya_no_hace_falta_se_nota(ruta: str) -> None:
    texto = (RAIZ / ruta).read_text()
    sin_excepcion = Archivo(ruta.replace(".py", "_.py"), texto)
    assert [falta for regla in REGLAS for falta in regla(sin_excepcion)] != []


def test_en_la_raiz_no_hay_otras_carpetas_de_codigo() -> None:
    assert _carpetas_de_codigo(RAIZ) <= CARPETAS


def test_una_carpeta_de_mas_en_la_raiz_se_nota(tmp_path: Path) -> None:
    (tmp_path / "utiles").mkdir()
    (tmp_path / "utiles" / "cosas.py").write_text("x = 1\n")
    assert _carpetas_de_codigo(tmp_path) == {"utiles"}


@pytest.mark.parametrize(
    ("regla", "ruta", "texto"),
    [
        (reglas.la_flecha, "domain/pagos/x.py", "import sqlalchemy"),
        (reglas.la_flecha, "domain/pagos/x.py", "from gateway.config import leer"),
        (reglas.la_flecha, "domain/pagos/x.py", "from projections import registro"),
        (reglas.la_flecha, "domain/pagos/x.py", "def f() -> None:\n    import flask"),
        (reglas.la_flecha, "projections/clientes/x.py", "import psycopg"),
        (reglas.la_flecha, "projections/clientes/x.py", "from gateway import composicion"),
        (reglas.la_flecha, "gateway/http/x.py", "from tests.eventualmente import eventualmente"),
        (reglas.la_flecha, "gateway/http/x.py", "import bff.main"),
        (reglas.el_hexagono, "bff/domain/models/x.py", "from bff.application.ports.pagos import PagosServicePort"),
        (reglas.el_hexagono, "bff/domain/models/x.py", "import msgspec"),
        (reglas.el_hexagono, "bff/application/use_cases/x.py", "from bff.infrastructure.plazo import queda"),
        (reglas.el_hexagono, "bff/application/use_cases/x.py", "from projections.payouts import consultas"),
        (reglas.el_hexagono, "bff/application/use_cases/x.py", "import time"),
        (reglas.el_hexagono, "bff/infrastructure/adapters/x.py", "from domain.pagos.estado import Estado"),
        (reglas.el_hexagono, "bff/infrastructure/adapters/x.py", "from projections.payouts import tabla"),
        (reglas.el_hexagono, "bff/infrastructure/adapters/x.py", "from projections.motor.trabajador import seguir"),
        (reglas.el_hexagono, "bff/infrastructure/adapters/x.py", "from gateway.composicion import construir"),
        (reglas.el_hexagono, "bff/infrastructure/web/x.py", "from gateway.config import leer"),
        (reglas.el_hexagono, "bff/main.py", "from gateway.http import servidor"),
        (reglas.dominio_puro, "domain/pagos/x.py", "from datetime import datetime\nahora = datetime.now()"),
        (reglas.dominio_puro, "domain/pagos/x.py", "import os"),
        (reglas.dominio_puro, "domain/pagos/x.py", "import time"),
        (reglas.dominio_puro, "domain/pagos/x.py", "open('x')"),
        (reglas.un_lector_del_entorno, "gateway/http/x.py", "import os\nx = os.environ['X']"),
        (reglas.un_lector_del_entorno, "gateway/http/x.py", "from os import getenv\nx = getenv('X')"),
        (reglas.un_lector_del_entorno, "projections/x.py", "import environs"),
        (reglas.nombres_que_dicen, "gateway/x.py", "class PagosManager: pass"),
        (reglas.tamanos, "gateway/x.py", LARGO),
        (reglas.tamanos, "gateway/x.py", "x = 1\n" * 201),
        (reglas.pruebas_honestas, "tests/x.py", "import time\ntime.sleep(1)"),
        (reglas.pruebas_honestas, "tests/x.py", "import pytest\n@pytest.mark.skip\ndef test_x(): pass"),
        (reglas.pruebas_honestas, "tests/x.py", "from unittest.mock import patch"),
        (reglas.pruebas_honestas, "tests/x.py", "def test_x(monkeypatch): pass"),
        (reglas.azar_propio, "tests/x.py", "import random\nrandom.shuffle([])"),
        (reglas.azar_propio, "projections/x.py", "from random import choice"),
    ],
)
def test_un_archivo_que_la_rompe_se_nota(regla: Regla, ruta: str, texto: str) -> None:
    assert regla(Archivo(ruta, texto)) != []


@pytest.mark.parametrize(
    ("ruta", "texto"),
    [
        ("domain/pagos/x.py", "from dataclasses import dataclass\nfrom domain.base.dinero import Dinero"),
        ("projections/clientes/x.py", "from sqlalchemy import Table\nfrom domain.pagos.agregado import Payout"),
        ("bff/application/use_cases/x.py", "import asyncio\nfrom bff.domain.models.health import Health"),
        ("bff/infrastructure/adapters/x.py", "from projections.payouts import consultas\nimport httpx2"),
        ("bff/infrastructure/web/x.py", "from gateway.acceso.flask import quien"),
        ("bff/infrastructure/config.py", "from gateway.config import leer"),
        ("gateway/config.py", "import os\nx = os.environ"),
        ("gateway/http/x.py", "from projections.payouts import consultas"),
        ("tests/eventualmente.py", "import time\ntime.sleep(0.1)"),
        ("tests/x.py", "import random\nfrom random import Random\nrandom.Random(1).shuffle([])"),
    ],
)
def test_un_archivo_que_cumple_pasa(ruta: str, texto: str) -> None:
    assert [falta for regla in REGLAS for falta in regla(Archivo(ruta, texto))] == []


def _carpetas_de_codigo(raiz: Path) -> set[str]:
    visibles = (ruta for ruta in raiz.iterdir() if ruta.is_dir() and not ruta.name.startswith((".", "__")))
    return {ruta.name for ruta in visibles if any(ruta.rglob("*.py"))}
