"""``alpes proyecciones``: how the read side is, and what it stopped at."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import RegistrarCliente
from domain.politicas import cuando_pago_confirmado_aprobar_campania
from gateway.composicion import Sistema
from gateway.eventos.aparcados import Aparcados
from gateway.eventos.log import logs_de
from projections.registro import PROYECCIONES
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import pago, pago_hecho, sistema_en
from tests.projections.alcanzar import alcanzar
from tests.projections.ejemplos import NACIDA

NOMBRES = {una.nombre for una in PROYECCIONES}


@pytest.fixture
def alpes(db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def envenenado(sistema: Sistema) -> str:
    """A payout that the read model can't store, with a second event behind it."""
    ordenar(sistema, "ALTER TABLE payouts ADD CONSTRAINT veneno CHECK (partner_id <> 'VENENO')")
    enfermo = sistema.pagos.ejecutar(pago("CICLO", partner_id="VENENO")).id
    sistema.pagos.ejecutar(pago("CICLO"))
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
    return enfermo


def ordenar(sistema: Sistema, orden: str) -> None:
    with sistema.motor.begin() as conexion:
        conexion.execute(text(orden))


def test_la_lista_dice_cuanto_falta_y_que_nadie_las_lleva(alpes: Alpes, sistema: Sistema) -> None:
    sistema.pagos.ejecutar(pago("CICLO"))
    filas = alpes.json("proyecciones", "lista")["proyecciones"]
    assert {fila["nombre"] for fila in filas} == NOMBRES
    de_payouts = next(fila for fila in filas if fila["nombre"] == "payouts")
    assert (de_payouts["generacion"], de_payouts["situacion"], de_payouts["modulo"]) == (1, "activa", "pagos")
    assert (de_payouts["posicion"], de_payouts["cabeza"], de_payouts["retraso_eventos"]) == (0, 2, 2)
    assert de_payouts["estado"] == "sin trabajador"
    assert de_payouts["retraso_segundos"] > 0
    texto = alpes("proyecciones", "lista").stdout
    assert "alpes trabajador" in texto


def test_al_dia_la_lista_lo_dice(alpes: Alpes, sistema: Sistema) -> None:
    sistema.pagos.ejecutar(pago("CICLO"))
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
    filas = alpes.json("proyecciones", "lista")["proyecciones"]
    assert {(fila["estado"], fila["retraso_eventos"], fila["retraso_segundos"]) for fila in filas} == {("al día", 0, 0)}


def test_sin_nada_aparcado_lo_dice(alpes: Alpes) -> None:
    assert alpes("proyecciones", "aparcados", "listar").stdout == "nada aparcado\n"
    assert alpes.json("proyecciones", "aparcados", "listar") == {"aparcados": []}
    assert alpes("proyecciones", "aparcados", "reintentar").returncode == 0


def test_lo_aparcado_se_lista_se_explica_y_corregido_se_suelta(alpes: Alpes, sistema: Sistema, envenenado: str) -> None:
    (fila,) = alpes.json("proyecciones", "aparcados", "listar")["aparcados"]
    assert (fila["nombre"], fila["stream"], fila["modulo"], fila["eventos"]) == ("payouts", envenenado, "pagos", 2)
    assert fila["error"].startswith("CheckViolation [23514] veneno en ")
    assert alpes.json("estado")["aparcados"] == 1
    (explicado,) = alpes.json("proyecciones", "aparcados", "explicar", "payouts", envenenado)["aparcados"]
    assert (explicado["evento"]["tipo"], explicado["evento"]["version"]) == ("PagoCreado.v1", 1)
    assert explicado["evento"]["datos"]["partner_id"] == "VENENO"
    assert [uno["tipo"] for uno in explicado["esperan"]] == ["PagoComisionCalculada.v1"]
    assert "reintentar payouts" in alpes("proyecciones", "aparcados", "explicar", "payouts", envenenado).stdout

    fallido = alpes("proyecciones", "aparcados", "reintentar", "payouts", "--json")
    assert (fallido.returncode, len(json.loads(fallido.stdout)["aparcados"])) == (1, 1)
    ordenar(sistema, "ALTER TABLE payouts DROP CONSTRAINT veneno")
    hecho = alpes("proyecciones", "aparcados", "reintentar", "payouts", "--stream", envenenado)
    assert (hecho.returncode, hecho.stdout) == (0, "1 de 1 al día\n")
    assert alpes.json("proyecciones", "aparcados", "listar") == {"aparcados": []}


def test_lo_que_aparca_una_reaccion_se_lista_se_explica_y_se_reintenta(alpes: Alpes, sistema: Sistema) -> None:
    sistema.campanias.ejecutar(CrearCampania("CAMP", "ana", ()))
    hecho = sistema.pagos.ejecutar(pago_hecho("CAMP"))
    nombre = cuando_pago_confirmado_aprobar_campania.NOMBRE
    Aparcados(sistema.motor, nombre, "pagos").aparcar(hecho.id, 1, ValueError())
    (explicado,) = alpes.json("proyecciones", "aparcados", "explicar", nombre, hecho.id)["aparcados"]
    assert (explicado["tipo"], explicado["generacion"]) == ("reacción", None)
    assert "cada 30 s" in alpes("proyecciones", "aparcados", "explicar", nombre, hecho.id).stdout
    assert alpes("proyecciones", "aparcados", "reintentar", nombre).returncode == 0
    assert alpes.json("proyecciones", "aparcados", "listar") == {"aparcados": []}
    assert sistema.campanias.repository.get("CAMP").estado == "APROBADA"


def test_verificar_dice_que_todo_es_igual(alpes: Alpes, sistema: Sistema) -> None:
    sistema.pagos.ejecutar(pago_hecho("CICLO"))
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
    visto = alpes.json("proyecciones", "verificar")
    assert visto["iguales"] is True
    assert {una["nombre"] for una in visto["proyecciones"]} == NOMBRES
    assert alpes.json("proyecciones", "verificar", "payouts", "--muestra", "3")["iguales"] is True


def test_verificar_encuentra_una_fila_falsificada_y_termina_en_1(alpes: Alpes, sistema: Sistema) -> None:
    payout = sistema.pagos.ejecutar(pago_hecho("CICLO")).id
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
    ordenar(sistema, "UPDATE payouts SET monto = monto + 1")
    resultado = alpes("proyecciones", "verificar", "payouts", "--json")
    assert resultado.returncode == 1
    visto = json.loads(resultado.stdout)
    (una,) = visto["proyecciones"][0]["diferencias"]
    assert (una["tabla"], una["clave"], una["tipo"], una["campo"]) == ("payouts", [payout], "difiere", "monto")
    assert (una["en_la_tabla"], una["segun_eventos"]) == ("1251.50", "1250.50")
    assert una["eventos"][0]["tipo"] == "PagoCreado.v1"
    texto = alpes("proyecciones", "verificar", "payouts")
    assert texto.returncode == 1
    assert f"{payout}: difiere en monto: 1251.50 en la tabla, 1250.50 según los eventos" in texto.stdout
    assert f"PagoCreado.v1  {payout}" in texto.stdout
    assert "reconstruir payouts --aceptar-diferencias" in texto.stdout


def test_verificar_no_muestra_datos_de_nadie(alpes: Alpes, sistema: Sistema) -> None:
    sistema.clientes.ejecutar(RegistrarCliente("ana", "Ana Díaz", "ana@ejemplo.co", "0012345", NACIDA))
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
    ordenar(sistema, "UPDATE clientes SET nombre = 'Otra Persona'")
    for opciones in ((), ("--json",)):
        resultado = alpes("proyecciones", "verificar", "clientes", *opciones)
        assert resultado.returncode == 1
        assert "nombre" in resultado.stdout
        assert not {"Otra", "Ana", "ejemplo.co"} & set(resultado.stdout.replace('"', " ").split())


@pytest.mark.parametrize(
    ("argumentos", "codigo", "mensaje"),
    [
        (("aparcados", "explicar", "payouts", "payout-0"), 1, "no tiene aparcado"),
        (("aparcados", "explicar", "nada", "payout-0"), 2, "No existe «nada»: es una de clientes, payouts"),
        (("aparcados", "reintentar", "nada"), 2, "No existe «nada»"),
        (("aparcados", "explicar", "payouts"), 2, "Falta STREAM"),
        (("aparcados",), 2, "listar"),
        (("verificar", "nada"), 2, "No existe la proyección «nada»: es una de clientes, payouts"),
        (("verificar", "--muestra", "0"), 2, "El valor de muestra no es válido: debe ser un número desde 1"),
    ],
)
def test_los_errores_dicen_que_hacer(alpes: Alpes, argumentos: tuple[str, ...], codigo: int, mensaje: str) -> None:
    resultado = alpes("proyecciones", *argumentos)
    assert resultado.returncode == codigo
    assert mensaje in resultado.stderr + resultado.stdout


def test_no_se_aconseja_rehacer_tablas_de_un_registro_que_no_se_lee(alpes: Alpes, sistema: Sistema) -> None:
    sistema.pagos.ejecutar(pago("CICLO"))
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)
    ordenar(sistema, "ALTER TABLE pagos_events DISABLE TRIGGER USER")
    ordenar(sistema, "UPDATE pagos_events SET state = 'x' WHERE topic LIKE 'PagoCreado%'")
    dicho = alpes("proyecciones", "verificar", "payouts")
    assert dicho.returncode == 1
    assert "aparcados: 0 en las tablas, 1 al doblar ahora" in dicho.stdout
    assert "para rehacerlas" not in dicho.stdout
