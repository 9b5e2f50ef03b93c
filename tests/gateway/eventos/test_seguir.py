"""Following a log: hints wake up, and a lost hint or connection only delays."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import psycopg
import pytest

from gateway.eventos.fabrica import Tienda
from gateway.eventos.recorder import Recorder
from tests.cronometro import en_menos_de
from tests.eventualmente import eventualmente
from tests.gateway.eventos.apoyo import MAESTRA, guardado, insertar, recorder_de
from tests.sin_prisa import sin_prisa

MATAR_OYENTES = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
)


@pytest.fixture
def vecino(db_url: str) -> Iterator[Recorder]:
    """The same log, in another process as far as the store can tell."""
    tienda = Tienda(db_url, MAESTRA)
    yield recorder_de(tienda, "pagos")
    tienda.cerrar()


def test_un_aviso_despierta_a_quien_espera(recorder: Recorder, vecino: Recorder) -> None:
    novedades = recorder.novedades()
    eventualmente(lambda: novedades.esperar(0), lambda hubo: hubo)
    eventualmente(lambda: novedades.esperar(0.3), lambda hubo: not hubo)

    def avisar(espera: "Future[bool]") -> bool:
        vecino.insert_events([guardado()])
        return espera.result(60)

    with ThreadPoolExecutor(1) as hilo:
        assert en_menos_de(2, lambda: avisar(hilo.submit(novedades.esperar, 60)))


def test_un_aviso_entre_dos_esperas_no_se_pierde(recorder: Recorder, vecino: Recorder) -> None:
    novedades, testigo = recorder.novedades(), recorder.novedades()
    for seguidor in (novedades, testigo):
        assert seguidor.esperar(60)
        eventualmente(lambda seguidor=seguidor: seguidor.esperar(0.3), lambda hubo: not hubo)  # type: ignore[misc]
    vecino.insert_events([guardado()])
    eventualmente(lambda: testigo.esperar(0.1), lambda hubo: hubo)
    assert novedades.esperar(0)


def test_quien_oye_se_vuelve_a_conectar_y_mira_lo_que_pudo_perder(
    recorder: Recorder, vecino: Recorder, sql: psycopg.Connection
) -> None:
    novedades = recorder.novedades()
    # What it hears first is that it is connected.
    assert novedades.esperar(60)
    eventualmente(lambda: novedades.esperar(0.3), lambda hubo: not hubo)
    assert len(sql.execute(MATAR_OYENTES).fetchall()) == 1
    assert novedades.esperar(60)
    vecino.insert_events([guardado()])
    assert novedades.esperar(60)


def test_una_suscripcion_da_lo_guardado_y_lo_que_venga_en_orden(recorder: Recorder, vecino: Recorder) -> None:
    antes = list(recorder.insert_events([guardado() for _ in range(3)]))
    with recorder.subscribe(gt=antes[0]) as suscripcion:
        assert [uno.id for uno in islice(suscripcion, 2)] == antes[1:]
        despues = list(vecino.insert_events([guardado() for _ in range(3)]))
        assert [uno.id for uno in islice(suscripcion, 3)] == despues


def test_una_suscripcion_filtra_sin_perder(recorder: Recorder, vecino: Recorder) -> None:
    with recorder.subscribe(topics=["Suyo.v1"]) as suscripcion:
        vecino.insert_events([guardado(), guardado("a", topic="Suyo.v1"), guardado()])
        vecino.insert_events([guardado("b", topic="Suyo.v1")])
        assert [uno.originator_id for uno in islice(suscripcion, 2)] == ["a", "b"]


def test_una_suscripcion_ve_lo_que_nadie_aviso(recorder: Recorder, sql: psycopg.Connection) -> None:
    with recorder.subscribe() as suscripcion:
        for _ in range(3):
            posicion = insertar(sql)
            assert next(suscripcion).id == posicion


def test_una_suscripcion_sobrevive_a_las_conexiones_cortadas(recorder: Recorder, sql: psycopg.Connection) -> None:
    with recorder.subscribe() as suscripcion:
        primera = insertar(sql)
        assert next(suscripcion).id == primera
        sql.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        segunda = insertar(sql)
        assert next(suscripcion).id == segunda


def test_un_hueco_que_muere_sin_aviso_no_detiene_la_suscripcion(recorder: Recorder, db_url: str) -> None:
    with recorder.subscribe() as suscripcion, sin_prisa(db_url) as lento:
        insertar(lento)
        (despues,) = recorder.insert_events([guardado()])
        assert recorder.leer(0, 10) == []
        lento.rollback()
        assert next(suscripcion).id == despues


def test_agregar_avisa_tambien_en_un_proceso_hijo(db_url: str, recorder: Recorder) -> None:
    """Threads don't survive a fork: the child starts its own."""
    novedades = recorder.novedades()
    # Connected: nothing is under way that a fork would cut, and what comes next is the child's.
    assert novedades.esperar(60)
    eventualmente(lambda: novedades.esperar(0.3), lambda hubo: not hubo)
    hijo = os.fork()
    if hijo == 0:
        signal.alarm(300)
        tienda = Tienda(db_url, MAESTRA)
        recorder_de(tienda, "pagos").insert_events([guardado()])
        tienda.avisador.avisar("pagos_events")
        # Its thread tells; it is killed when that was heard.
        signal.pause()
    try:
        assert novedades.esperar(60)
    finally:
        os.kill(hijo, signal.SIGKILL)
        os.waitpid(hijo, 0)
