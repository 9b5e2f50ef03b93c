"""Reading in order: a reader never passes a position that a live transaction may still fill."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from gateway.eventos.fabrica import Tienda
from gateway.eventos.lectura import PACIENCIA
from gateway.eventos.recorder import Recorder
from tests.cronometro import en_menos_de
from tests.gateway.eventos.apoyo import guardado, insertar, recorder_de
from tests.sin_prisa import sin_prisa


@pytest.fixture
def lento(db_url: str) -> Iterator[psycopg.Connection]:
    """A writer that takes its time: nothing is committed until the test says so."""
    conexion = sin_prisa(db_url)
    yield conexion
    conexion.close()


def posiciones(recorder: Recorder, desde: int = 0, limite: int = 100) -> list[int]:
    return [fila.posicion for fila in recorder.leer(desde, limite)]


def test_lo_que_sigue_a_una_escritura_viva_no_se_lee(recorder: Recorder, lento: psycopg.Connection) -> None:
    (antes,) = recorder.insert_events([guardado()])
    hueco = insertar(lento)
    (despues,) = recorder.insert_events([guardado()])
    assert en_menos_de(PACIENCIA + 0.2, lambda: posiciones(recorder)) == [antes]
    assert posiciones(recorder, desde=antes) == []
    assert [uno.id for uno in recorder.select_notifications(1, 100)] == [antes]
    lento.commit()
    assert posiciones(recorder) == [antes, hueco, despues]
    assert posiciones(recorder, desde=antes) == [hueco, despues]


def test_el_hueco_de_quien_se_arrepintio_se_pasa_en_la_misma_lectura(
    recorder: Recorder, lento: psycopg.Connection
) -> None:
    insertar(lento)
    lento.rollback()
    (primera,) = recorder.insert_events([guardado()])
    insertar(lento)
    (segunda,) = recorder.insert_events([guardado()])
    lento.rollback()
    assert posiciones(recorder) == [primera, segunda]


def test_el_hueco_de_quien_murio_se_pasa(
    recorder: Recorder, lento: psycopg.Connection, sql: psycopg.Connection
) -> None:
    insertar(lento)
    (despues,) = recorder.insert_events([guardado()])
    assert posiciones(recorder) == []
    sql.execute("SELECT pg_terminate_backend(%s, 5000)", (lento.info.backend_pid,))
    assert posiciones(recorder) == [despues]


def test_un_punto_de_retorno_deshecho_deja_una_posicion_muerta(recorder: Recorder, lento: psycopg.Connection) -> None:
    lento.execute("SAVEPOINT s")
    insertar(lento)
    lento.execute("ROLLBACK TO s")
    (despues,) = recorder.insert_events([guardado()])
    assert posiciones(recorder) == [despues]


def test_quien_escribe_sin_parar_no_hace_esperar_para_siempre(recorder: Recorder, db_url: str) -> None:
    with sin_prisa(db_url) as uno, sin_prisa(db_url) as otro:
        insertar(uno)
        (despues,) = recorder.insert_events([guardado()])
        assert posiciones(recorder) == []
        # There is always a live writer, but not always the one that was there at the gap.
        relevo = insertar(otro)
        uno.rollback()
        assert posiciones(recorder) == [despues]
        otro.commit()
        assert posiciones(recorder) == [despues, relevo]


def test_un_filtro_no_esconde_el_hueco(recorder: Recorder, lento: psycopg.Connection) -> None:
    (otro,) = recorder.insert_events([guardado(topic="Otro.v1")])
    hueco = insertar(lento)
    recorder.insert_events([guardado(topic="Otro.v1")])

    def filtrar(*topics: str) -> list[int]:
        return [uno.id for uno in recorder.select_notifications(1, 100, topics=topics)]

    assert filtrar("Otro.v1") == [otro]
    assert filtrar("Algo.v1") == []
    lento.commit()
    assert filtrar("Algo.v1") == [hueco]
    assert filtrar("Algo.v1", "Otro.v1") == [otro, hueco, hueco + 1]


def test_un_lector_nuevo_pasa_una_historia_llena_de_huecos(tienda: Tienda, sql: psycopg.Connection) -> None:
    vivos = []
    for numero in range(200):
        sql.execute("SELECT nextval('pagos_events_notification_id_seq')") if numero % 3 else vivos.append(insertar(sql))
    recorder = recorder_de(tienda, "pagos")
    assert posiciones(recorder) == vivos
    assert posiciones(recorder, limite=5) == vivos[:5]
    assert posiciones(recorder, desde=vivos[4], limite=5) == vivos[5:10]


def test_los_limites_de_la_biblioteca_se_respetan(recorder: Recorder) -> None:
    todas = list(recorder.insert_events([guardado() for _ in range(6)]))

    def elegir(*tramo: Any, **mas: Any) -> list[int]:
        return [uno.id for uno in recorder.select_notifications(*tramo, **mas)]

    assert elegir(todas[1], 10) == todas[1:]
    assert elegir(todas[1], 10, inclusive_of_start=False) == todas[2:]
    assert elegir(todas[1], 10, todas[3]) == todas[1:4]
    assert elegir(todas[1], 10, todas[3], ["Algo.v1"]) == todas[1:4]
    assert elegir(None, 2) == todas[:2]
    assert recorder.max_notification_id() == todas[-1]


def test_otra_tabla_que_se_escribe_no_hace_esperar(recorder: Recorder, lento: psycopg.Connection) -> None:
    lento.execute("INSERT INTO clientes_events VALUES ('a', 1, 'Algo.v1', '{}')")
    lento.execute("SELECT nextval('pagos_events_notification_id_seq')")
    (despues,) = recorder.insert_events([guardado()])
    assert posiciones(recorder) == [despues]
