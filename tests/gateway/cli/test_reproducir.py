"""``alpes auditoria reproducir``: the tables made again from the events, aside, and compared with the live ones."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from domain.base.contexto import Contexto
from domain.campanias.comandos import CrearCampania
from domain.cliente.comandos import AnonimizarCliente, RegistrarCliente
from domain.pagos.comandos import RevertirPago
from gateway.auditoria import reproduccion
from gateway.auditoria.reproduccion import Pedido
from gateway.composicion import Sistema
from gateway.eventos.log import logs_de
from projections.motor.marcha import Avance
from projections.registro import PROYECCIONES
from tests.gateway.cli.orden import Alpes
from tests.gateway.sistema import pago_hecho, sistema_en
from tests.projections.alcanzar import alcanzar
from tests.projections.ejemplos import NACIDA
from tests.projections.test_con_las_aplicaciones import trabajando

INICIO = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    """Three days: a client and a campaign; two payments; one of them taken back. The tables know it all."""
    with sistema_en(db_url) as sistema:
        uno, dos, tres = (Contexto(INICIO + timedelta(days=dia)) for dia in range(3))
        sistema.clientes.ejecutar(RegistrarCliente("ana", "Ana Núñez", "ana@example.com", "10001", NACIDA), uno)
        sistema.campanias.ejecutar(CrearCampania("C1", "ana", ("Quito",)), uno)
        for numero in (1, 2):
            sistema.pagos.ejecutar(pago_hecho("C1", payout_id=f"payout-{numero}"), dos)
        sistema.pagos.ejecutar(RevertirPago("payout-1", "devolución"), tres)
        poner_al_dia(sistema)
        yield sistema


@pytest.fixture
def alpes(sistema: Sistema, db_url: str, tmp_path: Path) -> Alpes:
    return Alpes(db_url, tmp_path)


def poner_al_dia(sistema: Sistema) -> None:
    alcanzar(PROYECCIONES, logs_de(sistema.aplicaciones), sistema.motor)


def esquemas(db_url: str) -> set[str]:
    with psycopg.connect(db_url) as conexion:
        return {fila[0] for fila in conexion.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'repr%'")}


def estropear(db_url: str, orden: str) -> None:
    with psycopg.connect(db_url, autocommit=True) as conexion:
        conexion.execute(orden)


def test_todo_reproducido_es_lo_que_hay(alpes: Alpes, db_url: str) -> None:
    dicho = alpes.json("auditoria", "reproducir")
    assert dicho["fiel"] is True
    assert (dicho["diferencias"], dicho["aparcados"]) == ([], [])
    assert all(tabla["comparada"] for tabla in dicho["tablas"])
    filas = {tabla["tabla"]: (tabla["filas_antes"], tabla["filas_despues"]) for tabla in dicho["tablas"]}
    assert (filas["clientes"], filas["payouts"], filas["transactions"]) == ((1, 1), (2, 2), (3, 3))
    assert {"tabla": "payouts", "columna": "monto", "moneda": "USD", "antes": 2501, "despues": 2501} in dicho["sumas"]
    pagos = next(modulo for modulo in dicho["modulos"] if modulo["modulo"] == "pagos")
    assert (pagos["tipos"]["PagoCreado.v1"], pagos["tipos"]["PagoRevertido.v1"]) == (2, 1)
    assert dicho["por_segundo"] > 0
    assert esquemas(db_url) == set()


def test_una_fila_estropeada_a_mano_se_encuentra(alpes: Alpes, db_url: str) -> None:
    estropear(db_url, "UPDATE payouts SET monto = 9999 WHERE id = 'payout-2'")
    estropear(db_url, "DELETE FROM transactions WHERE id = 'payout-1-2'")
    estropear(db_url, "UPDATE clientes SET nombre = 'Otra persona' WHERE id = 'ana'")
    resultado = alpes("auditoria", "reproducir", "--json")
    assert resultado.returncode == 1
    assert "Otra persona" not in resultado.stdout
    assert "Núñez" not in resultado.stdout
    legible = alpes("auditoria", "reproducir")
    assert (legible.returncode, "payouts: listo 100 %" in legible.stderr) == (1, True)
    for dicho in ("payout-2", "monto", "9999", "payout-1-2", "agregada", "(dato personal)", "NO es lo mismo"):
        assert dicho in legible.stdout
    assert esquemas(db_url) == set()


def test_una_tabla_que_ya_no_esta_es_una_tabla_vacia(alpes: Alpes, db_url: str) -> None:
    estropear(db_url, "DROP TABLE campanias_por_cliente")
    for orden in (("auditoria", "reproducir"), ("proyecciones", "verificar", "campanias")):
        resultado = alpes(*orden)
        assert (resultado.returncode, "UndefinedTable" in resultado.stderr) == (1, False), resultado.stderr
        assert "campanias_por_cliente" in resultado.stdout


def test_un_tramo_cuenta_lo_que_cambio_y_no_compara(alpes: Alpes) -> None:
    dicho = alpes.json("auditoria", "reproducir", "--desde", "2026-03-02", "--hasta", "2026-03-02")
    assert not any(tabla["comparada"] for tabla in dicho["tablas"])
    filas = {tabla["tabla"]: (tabla["filas_antes"], tabla["filas_despues"]) for tabla in dicho["tablas"]}
    assert (filas["clientes"], filas["payouts"], filas["transactions"]) == ((1, 1), (0, 2), (0, 2))
    assert {"tabla": "clientes_totales", "columna": "monto", "moneda": "USD", "antes": None, "despues": 2501} in dicho[
        "sumas"
    ]
    tercero = alpes.json("auditoria", "reproducir", "--desde", "2026-03-03T12:00:00")
    assert {"tabla": "clientes_totales", "columna": "monto", "moneda": "USD", "antes": 2501, "despues": 1250.5} in (
        tercero["sumas"]
    )


def test_de_un_modulo_se_comparan_las_tablas_que_solo_lo_siguen_a_el(alpes: Alpes) -> None:
    dicho = alpes.json("auditoria", "reproducir", "--modulo", "pagos")
    comparadas = {tabla["proyeccion"] for tabla in dicho["tablas"] if tabla["comparada"]}
    assert "payouts" in comparadas
    assert "clientes" not in comparadas
    (pagos,) = dicho["modulos"]
    assert pagos["modulo"] == "pagos"
    # The first instant that there is: the beginning.
    assert alpes.json("auditoria", "reproducir", "--modulo", "pagos", "--desde", "0001-01-01")["modulos"] == [pagos]


def test_con_posiciones_de_un_modulo(alpes: Alpes) -> None:
    posiciones = [int(alpes("auditoria", "exportar", "--stream", "payout-1").stdout.splitlines()[0].split(":")[2]
                  .split(",")[0])]  # fmt: skip
    dicho = alpes.json("auditoria", "reproducir", "--modulo", "pagos", "--hasta", str(posiciones[0]))
    (pagos,) = dicho["modulos"]
    assert pagos["tipos"] == {"PagoCreado.v1": 1} | {
        nombre: cuantos for nombre, cuantos in pagos["tipos"].items() if nombre.startswith("Reserva")
    }
    assert alpes("auditoria", "reproducir", "--hasta", "3").returncode == 2


def test_un_evento_que_no_se_puede_leer_se_dice_y_lo_demas_sigue(alpes: Alpes, db_url: str) -> None:
    estropear(
        db_url,
        "INSERT INTO pagos_events (originator_id, originator_version, topic, state)"
        " VALUES ('payout-roto', 1, 'PagoCreado.v1', '{}')",
    )
    resultado = alpes("auditoria", "reproducir")
    assert resultado.returncode == 1
    assert "payout-roto" in resultado.stdout


def test_unas_tablas_atrasadas_se_comparan_donde_van_y_se_dice(sistema: Sistema, alpes: Alpes) -> None:
    sistema.pagos.ejecutar(pago_hecho("C1", payout_id="payout-3"))
    dicho = alpes.json("auditoria", "reproducir")
    assert dicho["fiel"] is True
    cabeza = sistema.pagos.recorder.max_notification_id()
    assert {(uno["proyeccion"], uno["hasta"]) for uno in dicho["atrasos"]} >= {
        ("payouts", cabeza),
        ("clientes", cabeza),
    }
    assert next(tabla for tabla in dicho["tablas"] if tabla["tabla"] == "payouts")["filas_despues"] == 2


def test_una_persona_olvidada_no_hace_diferencia(sistema: Sistema, alpes: Alpes) -> None:
    sistema.clientes.ejecutar(AnonimizarCliente("ana", "lo pidió"))
    poner_al_dia(sistema)
    assert alpes.json("auditoria", "reproducir")["fiel"] is True


def test_mientras_otros_escriben_se_compara_en_una_misma_posicion(sistema: Sistema, db_url: str) -> None:
    parar = threading.Event()

    def escribir() -> None:
        numero = 100
        while not parar.is_set():
            numero += 1
            sistema.pagos.ejecutar(pago_hecho("C1", payout_id=f"payout-{numero}"))

    hilo = threading.Thread(target=escribir)
    with trabajando(sistema):
        hilo.start()
        try:
            hecho = reproduccion.reproducir(sistema, _todo(sistema), lambda _: None)
        finally:
            parar.set()
            hilo.join()
    assert hecho.fiel, hecho.contado


def test_interrumpida_no_deja_nada(sistema: Sistema, db_url: str) -> None:
    vistos: list[set[str]] = []

    def cortar(_: Avance) -> None:
        vistos.append(esquemas(db_url))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reproduccion.reproducir(sistema, _todo(sistema), cortar)
    assert [len(uno) for uno in vistos] == [1]
    assert esquemas(db_url) == set()


def _todo(sistema: Sistema) -> Pedido:
    return Pedido({nombre: una.recorder.max_notification_id() or 0 for nombre, una in sistema.aplicaciones.items()})
