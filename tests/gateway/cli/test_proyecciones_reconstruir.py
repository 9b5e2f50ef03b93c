"""``alpes proyecciones plan, reconstruir, volver, descartar``: as who operates the system does it."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from gateway.composicion import Sistema
from gateway.config import RAIZ
from gateway.eventos.log import logs_de
from projections.registro import PROYECCIONES
from tests.eventualmente import eventualmente
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import pago, pago_hecho, sistema_en
from tests.projections.alcanzar import alcanzar

GENERACIONES = "SELECT numero, estado FROM generaciones WHERE proyeccion = 'payouts' ORDER BY numero"


@pytest.fixture
def alpes(db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    """Three payouts, and tables that have taken them in."""
    with sistema_en(db_url) as sistema:
        for orden in (pago("CICLO"), pago_hecho("CICLO"), pago_hecho("OTRO", currency="EUR")):
            sistema.pagos.ejecutar(orden)
        alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
        yield sistema


def ordenar(sistema: Sistema, orden: str) -> None:
    with sistema.motor.begin() as conexion:
        conexion.execute(text(orden))


def generaciones(sistema: Sistema) -> dict[int, str]:
    with sistema.motor.connect() as conexion:
        return {fila.numero: fila.estado for fila in conexion.execute(text(GENERACIONES))}


def test_el_plan_cuenta_eventos_y_estima_tiempo_y_disco_sin_cambiar_nada(alpes: Alpes, sistema: Sistema) -> None:
    antes = generaciones(sistema)
    (plan,) = alpes.json("proyecciones", "plan", "payouts")["proyecciones"]
    assert plan["eventos"]["pagos"]["PagoCreado.v1"] == 3
    assert plan["eventos_en_total"] == sum(plan["eventos"]["pagos"].values()) == plan["muestra"]
    assert plan["eventos_que_no_le_importan"] == plan["eventos"]["pagos"]["ReservaTomada.v1"] == 2
    assert plan["eventos_por_segundo"] > 0
    tiempos = plan["segundos"]
    assert tiempos["al_menos"] <= tiempos["probable"] <= tiempos["a_lo_sumo"]
    assert plan["bytes_mientras_haya_dos"] == 2 * plan["bytes_ahora"] > 0
    assert generaciones(sistema) == antes
    with sistema.motor.connect() as conexion:
        assert conexion.scalar(text("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'plan%'")) == 0


def test_el_plan_de_un_log_vacio_lo_dice(alpes: Alpes) -> None:
    resultado = alpes("proyecciones", "plan", "campanias")
    assert resultado.returncode == 0, resultado.stderr
    assert "nada que doblar" in resultado.stdout


def test_reconstruir_cuenta_lo_que_hizo_y_volver_y_descartar_tambien(alpes: Alpes, sistema: Sistema) -> None:
    hecho = alpes("proyecciones", "reconstruir", "payouts")
    assert hecho.returncode == 0, hecho.stderr
    assert "payouts: se lee la generación 2 (versión 1)" in hecho.stdout
    assert "3 → 3 filas   sin cambios" in hecho.stdout
    assert "suma de monto, sin cambios: EUR 1250.50 · USD" in hecho.stdout
    assert "la de antes queda guardada y al día: «alpes proyecciones volver payouts» la repone" in hecho.stdout
    assert "doblando eventos" in hecho.stderr
    assert generaciones(sistema) == {1: "guardada", 2: "activa"}
    lista = alpes("proyecciones", "lista").stdout
    assert "al lado de lo que se lee: payouts (1 generación, " in lista
    assert "«alpes proyecciones descartar NOMBRE»" in lista
    assert "la generación 1 (versión 1)" in alpes("proyecciones", "volver", "payouts").stdout
    assert generaciones(sistema) == {1: "activa", 2: "guardada"}
    assert "descartada la generación 2" in alpes("proyecciones", "descartar", "payouts").stdout
    for orden in ("volver", "descartar"):
        nada = alpes("proyecciones", orden, "payouts")
        assert nada.returncode == 1
        assert nada.stderr.startswith("alpes: payouts no ")


def test_no_se_ofrece_volver_a_lo_que_hizo_un_codigo_que_ya_no_esta(alpes: Alpes, sistema: Sistema) -> None:
    ordenar(sistema, "UPDATE generaciones SET version = 0 WHERE proyeccion = 'payouts'")
    hecho = alpes("proyecciones", "reconstruir", "payouts")
    assert hecho.returncode == 0, hecho.stderr
    assert "» la repone" not in hecho.stdout
    assert "«volver» no la repone, y se descarta en un minuto si ningún trabajador lo tiene" in hecho.stdout
    vuelto = alpes("proyecciones", "volver", "payouts")
    assert vuelto.returncode == 1
    assert "aquí no está el código de esa versión" in vuelto.stderr


def test_lo_que_pasa_de_lo_admitido_no_se_cambia_y_dice_que_hacer(alpes: Alpes, sistema: Sistema) -> None:
    ordenar(sistema, "UPDATE payouts SET monto = monto + 1 WHERE moneda = 'EUR'")
    parado = alpes("proyecciones", "reconstruir", "payouts", "--json")
    assert parado.returncode == 1
    (una,) = json.loads(parado.stdout)["proyecciones"]
    assert (una["cambiada"], una["situacion"]) == (False, "detenida")
    assert "payouts: monto en EUR pasa de 1251.50 a 1250.50" in una["motivos"]
    tabla = next(tabla for tabla in una["tablas"] if tabla["tabla"] == "payouts")
    (muestra,) = tabla["muestra"]
    assert (muestra["tipo"], muestra["campo"], muestra["antes"], muestra["despues"]) == (
        "cambiada",
        "monto",
        "1251.50",
        "1250.50",
    )
    assert generaciones(sistema) == {1: "activa", 2: "detenida"}
    texto = alpes("proyecciones", "reconstruir", "payouts")
    assert texto.returncode == 1
    assert "NO se cambió" in texto.stdout
    assert "reconstruir payouts --aceptar-diferencias" in texto.stdout
    aceptado = alpes("proyecciones", "reconstruir", "payouts", "--aceptar-diferencias")
    assert aceptado.returncode == 0, aceptado.stderr
    assert alpes.json("proyecciones", "verificar", "payouts")["iguales"] is True


def test_todas_en_marcha_ceden_el_paso_y_quedan_iguales(alpes: Alpes, sistema: Sistema) -> None:
    hechas = alpes.json("proyecciones", "reconstruir", "--todas", "--en-marcha", "--limite-ms", "1")["proyecciones"]
    assert [una["nombre"] for una in hechas] == [una.nombre for una in PROYECCIONES]
    assert all(una["cambiada"] for una in hechas)
    assert alpes.json("proyecciones", "verificar")["iguales"] is True


def test_al_segundo_operador_se_le_dice(alpes: Alpes, sistema: Sistema) -> None:
    with sistema.motor.connect().execution_options(isolation_level="AUTOCOMMIT") as conexion:
        conexion.execute(text("SELECT pg_advisory_lock(4207432, hashtext('payouts'))"))
        for orden in ("reconstruir", "volver", "descartar"):
            segundo = alpes("proyecciones", orden, "payouts")
            assert segundo.returncode == 1
            assert "otro proceso está trabajando con payouts: espere" in segundo.stderr


@pytest.mark.parametrize("senal", [signal.SIGKILL, signal.SIGINT])
def test_matado_a_medio_hacer_la_misma_orden_sigue(alpes: Alpes, sistema: Sistema, senal: signal.Signals) -> None:
    orden = [sys.executable, "-m", "gateway.cli", "proyecciones", "reconstruir", "payouts"]
    # A reader in a transaction keeps the switch waiting, so that the process is alive when it is killed.
    with sistema.motor.connect() as lector:
        lector.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        lector.execute(text("SELECT count(*) FROM payouts"))
        with subprocess.Popen(orden, cwd=RAIZ, env=alpes.entorno, stderr=subprocess.PIPE, text=True) as proceso:
            eventualmente(lambda: generaciones(sistema).get(2), lambda estado: estado == "en_obra")
            proceso.send_signal(senal)
            _, error = proceso.communicate(timeout=120)
        assert proceso.returncode in (-signal.SIGKILL, 130)
        if senal is signal.SIGINT:
            assert "la misma orden sigue donde quedó" in error
        assert generaciones(sistema) == {1: "activa", 2: "en_obra"}
    otra = alpes("proyecciones", "reconstruir", "payouts")
    assert otra.returncode == 0, otra.stderr
    assert generaciones(sistema) == {1: "guardada", 2: "activa"}
    assert alpes.json("proyecciones", "verificar", "payouts")["iguales"] is True


@pytest.mark.parametrize(
    ("argumentos", "mensaje"),
    [
        (("reconstruir",), "Indique una proyección, o --todas"),
        (("reconstruir", "payouts", "--todas"), "Indique una proyección, o --todas"),
        (("reconstruir", "nada"), "No existe la proyección «nada»"),
        (("volver",), "Falta NOMBRE"),
        (("plan", "nada"), "No existe la proyección «nada»"),
    ],
)
def test_un_uso_equivocado_termina_en_2(alpes: Alpes, argumentos: tuple[str, ...], mensaje: str) -> None:
    resultado = alpes("proyecciones", *argumentos)
    assert resultado.returncode == 2
    assert mensaje in resultado.stderr
