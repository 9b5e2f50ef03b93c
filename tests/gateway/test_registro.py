"""What a log tells of an error: its kind and its place, never its text, which may quote a person's data."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.gateway.sistema import sistema_en

RAIZ = Path(__file__).parents[2]
PROGRAMA = """
import logging, structlog, sys, threading
from sqlalchemy.exc import OperationalError
from gateway.bucle import repetir
from gateway.registro import preparar_registro

secreto, parar = sys.argv[1], threading.Event()
preparar_registro("prueba", debug=True)

def fallar(error):
    try:
        raise ValueError(secreto)
    except ValueError as causa:
        raise error from causa

for registro in (logging.getLogger("biblioteca"), structlog.get_logger("nuestro")):
    try:
        fallar(RuntimeError(secreto))
    except RuntimeError:
        registro.exception("fallo")

errores = [OperationalError("INSERT", {"email": secreto}, Exception(secreto)), RuntimeError(secreto)]

def paso():
    error = errores.pop(0)
    if not errores:
        parar.set()
    fallar(error)

repetir("prueba", paso, parar)
"""


def test_de_un_error_se_anotan_la_clase_la_causa_y_el_lugar_pero_no_el_texto() -> None:
    orden = [sys.executable, "-c", PROGRAMA, "ana@example.com"]
    hecho = subprocess.run(orden, cwd=RAIZ, capture_output=True, text=True, check=True)
    lineas = [json.loads(linea) for linea in hecho.stdout.splitlines()]
    assert "ana@example.com" not in hecho.stdout + hecho.stderr
    assert len(lineas) == 4
    for linea in (lineas[0], lineas[1], lineas[3]):
        rastro = linea["exception"]
        assert rastro.index("ValueError") < rastro.index("RuntimeError")
        assert "in fallar" in rastro
    assert lineas[2]["error"].startswith("OperationalError")


def test_un_error_de_las_tablas_no_repite_los_valores_de_su_sentencia(db_url: str) -> None:
    with sistema_en(db_url) as sistema, sistema.motor.connect() as conexion:
        with pytest.raises(DBAPIError) as error:
            conexion.execute(text("SELECT 1 / (length(:email) - 15)"), {"email": "ana@example.com"})
        assert "division by zero" in str(error.value)
        assert "ana@example.com" not in str(error.value)
