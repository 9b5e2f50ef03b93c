"""A connection lost at commit never turns a success into an error, nor an error into a double."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, Tracking
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.base.aplicacion import ClaveYaUsada, HechoYaContado
from gateway.eventos.fabrica import Tienda
from gateway.eventos.idempotencia import Clave, buscar_uso
from gateway.eventos.recorder import Recorder
from tests.eventualmente import eventualmente
from tests.gateway.eventos.apoyo import MAESTRA, guardado, insertar, nuevo, recorder_de
from tests.gateway.eventos.puente import Puente, puente_a
from tests.sin_prisa import sin_prisa

CLAVE = Clave("ana", "POST /pagos/pagar", "k-1", b"huella")
SEGUIDO = Tracking("seguidor:pagos", 5)
COMPANIAS: list[dict[str, Any]] = [{}, {"tracking": SEGUIDO}, {"idempotencia": CLAVE},
                                   {"tracking": SEGUIDO, "idempotencia": CLAVE}]  # fmt: skip


@pytest.fixture
def puente(db_url: str) -> Iterator[Puente]:
    datos = conninfo_to_dict(db_url)
    with puente_a(str(datos["host"]), int(str(datos["port"]))) as puente:
        yield puente


@pytest.fixture
def lejano(db_url: str, puente: Puente) -> Iterator[Recorder]:
    """A recorder behind the bridge, whose connections are warm."""
    tienda = Tienda(make_conninfo(db_url, host="127.0.0.1", port=puente.puerto), MAESTRA)
    recorder = recorder_de(tienda, "pagos")
    recorder.max_notification_id()
    yield recorder
    tienda.cerrar()


@pytest.mark.parametrize("compania", COMPANIAS)
@pytest.mark.parametrize("cuantos", [1, 12])
def test_lo_guardado_sin_que_se_supiera_es_un_exito(
    lejano: Recorder, puente: Puente, recorder: Recorder, cuantos: int, compania: dict[str, Any]
) -> None:
    eventos = [guardado() for _ in range(cuantos)]
    puente.perder_la_respuesta()
    posiciones = lejano.insert_events(eventos, **compania)
    assert puente.perdidas == 1
    assert [(fila.posicion, fila.originator_id) for fila in recorder.leer(0, 100)] == [
        (posicion, evento.originator_id) for posicion, evento in zip(posiciones, eventos, strict=True)
    ]
    if "idempotencia" in compania:
        uso = buscar_uso(recorder.datastore, CLAVE.actor, CLAVE.ruta, CLAVE.clave)
        assert uso is not None
        assert uso.posicion == posiciones[-1]


@pytest.mark.parametrize("compania", COMPANIAS)
def test_lo_que_nunca_llego_se_guarda_una_vez(
    lejano: Recorder, puente: Puente, recorder: Recorder, compania: dict[str, Any]
) -> None:
    puente.perder_el_pedido()
    posiciones = lejano.insert_events([guardado("a")], **compania)
    assert puente.perdidas == 1
    assert [fila.posicion for fila in recorder.leer(0, 100)] == list(posiciones)


@pytest.mark.parametrize("compania", COMPANIAS[1:])
def test_sin_eventos_lo_que_acompania_se_guarda_una_vez(
    lejano: Recorder, puente: Puente, recorder: Recorder, compania: dict[str, Any]
) -> None:
    puente.perder_la_respuesta()
    assert lejano.insert_events([], **compania, principal=("a", 1)) == []
    assert puente.perdidas == 1
    with pytest.raises((HechoYaContado, ClaveYaUsada)):
        recorder.insert_events([], **compania, principal=("a", 1))


def test_lo_de_otro_no_se_toma_por_propio(lejano: Recorder, puente: Puente, recorder: Recorder) -> None:
    recorder.insert_events([guardado("a", state=b'{"de":"otro"}')])
    puente.perder_el_pedido()
    with pytest.raises(IntegrityError):
        lejano.insert_events([guardado("a")])
    assert len(recorder.leer(0, 10)) == 1


def test_lo_contado_por_otro_no_se_toma_por_propio(lejano: Recorder, puente: Puente, recorder: Recorder) -> None:
    recorder.insert_events([guardado("a")], tracking=Tracking("seguidor:pagos", 6))
    puente.perder_el_pedido()
    with pytest.raises(HechoYaContado):
        lejano.insert_events([guardado("b")], tracking=SEGUIDO)
    assert [fila.originator_id for fila in recorder.leer(0, 10)] == ["a"]


def test_quien_muere_mientras_espera_a_otro_guarda_una_vez(
    recorder: Recorder, sql: psycopg.Connection, db_url: str
) -> None:
    flujo = nuevo()
    with sin_prisa(db_url) as lento, ThreadPoolExecutor(1) as hilo:
        insertar(lento, flujo)
        agregado = hilo.submit(recorder.insert_events, [guardado(flujo)])
        (pid,) = eventualmente(
            lambda: sql.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone() or (None,),
            lambda fila: fila[0] is not None,
        )  # fmt: skip
        sql.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        lento.rollback()
        (posicion,) = agregado.result(60)
    assert [fila.posicion for fila in recorder.leer(0, 10)] == [posicion]


def test_un_servidor_que_corta_todas_las_conexiones_no_se_nota(recorder: Recorder, sql: psycopg.Connection) -> None:
    with ThreadPoolExecutor(8) as hilos:
        list(hilos.map(lambda _: recorder.insert_events([guardado()]), range(64)))
        sql.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        list(hilos.map(lambda _: recorder.insert_events([guardado()]), range(64)))
    assert len(recorder.leer(0, 1000)) == 128
