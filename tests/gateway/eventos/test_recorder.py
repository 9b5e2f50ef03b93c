"""Appending: one transaction, one winner, positions in order, and nothing half stored."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from eventsourcing.persistence import DataError, IntegrityError, Tracking
from psycopg.conninfo import make_conninfo

from domain.base.aplicacion import ClaveYaUsada, HechoYaContado
from gateway.eventos.fabrica import Tienda
from gateway.eventos.idempotencia import Clave
from gateway.eventos.recorder import Recorder
from tests.gateway.eventos.apoyo import MAESTRA, guardado, nuevo, recorder_de
from tests.sin_prisa import sin_prisa

CLAVE = Clave("ana", "POST /pagos/pagar", "k-1", b"huella")


@pytest.mark.parametrize("cuantos", [1, 2, 8, 9, 50])
def test_lo_agregado_se_lee_tal_cual_y_en_orden(recorder: Recorder, cuantos: int) -> None:
    eventos = [guardado(state=b'{"n":%d}' % n) for n in range(cuantos)]
    posiciones = recorder.insert_events(eventos)
    assert list(posiciones) == sorted(posiciones)
    leidas = recorder.leer(0, 100)
    assert [fila.posicion for fila in leidas] == list(posiciones)
    assert [(fila.originator_id, fila.version, fila.topic, fila.state) for fila in leidas] == [
        (evento.originator_id, evento.originator_version, evento.topic, evento.state) for evento in eventos
    ]
    assert [uno.id for uno in recorder.select_notifications(None, 100)] == list(posiciones)


@pytest.mark.parametrize("cuantos", [1, 9])
def test_un_texto_que_no_cabe_se_rechaza_y_no_se_corta(recorder: Recorder, cuantos: int) -> None:
    with pytest.raises(DataError):
        recorder.insert_events([guardado(f"a\0{numero}") for numero in range(cuantos)])
    assert recorder.leer(0, 10) == []


def test_los_textos_van_en_utf8_diga_lo_que_diga_la_url(db_url: str, recorder: Recorder) -> None:
    tienda = Tienda(make_conninfo(db_url, client_encoding="latin1"), MAESTRA)
    for cuantos in (1, 9):
        recorder_de(tienda, "pagos").insert_events([guardado(f"año-{cuantos}-{n}") for n in range(cuantos)])
    tienda.cerrar()
    assert [fila.originator_id[:4] for fila in recorder.leer(0, 20)] == ["año-"] * 10


def test_una_version_repetida_no_guarda_nada(recorder: Recorder) -> None:
    recorder.insert_events([guardado("a")])
    with pytest.raises(IntegrityError) as conflicto:
        recorder.insert_events([guardado("b"), guardado("a")])
    assert type(conflicto.value) is IntegrityError
    assert [fila.originator_id for fila in recorder.leer(0, 10)] == ["a"]


def test_de_veinte_a_la_vez_gana_uno(recorder: Recorder) -> None:
    salida = Barrier(20)

    def agregar(numero: int) -> bool:
        salida.wait()
        try:
            recorder.insert_events([guardado("disputado", state=b"%d" % numero)])
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(20) as hilos:
        assert sum(hilos.map(agregar, range(20))) == 1
    assert len(recorder.select_events("disputado")) == 1


def test_un_flujo_se_lee_por_tramos_y_desde_el_final(recorder: Recorder) -> None:
    recorder.insert_events([guardado("a", version) for version in range(1, 6)])

    def versiones(**tramo: Any) -> list[int]:
        return [uno.originator_version for uno in recorder.select_events("a", **tramo)]

    assert versiones() == [1, 2, 3, 4, 5]
    assert versiones(gt=1, lte=4) == [2, 3, 4]
    assert versiones(desc=True, limit=2) == [5, 4]
    assert recorder.ultima_posicion("a") == recorder.max_notification_id()
    assert recorder.ultima_posicion("otro") == 0


def test_una_posicion_se_cuenta_una_vez_y_el_hecho_contado_no_guarda_nada(recorder: Recorder) -> None:
    recorder.insert_events([guardado("a")], tracking=Tracking("seguidor:pagos", 5))
    for repetida in (5, 4):
        with pytest.raises(HechoYaContado):
            recorder.insert_events([guardado("b")], tracking=Tracking("seguidor:pagos", repetida), idempotencia=CLAVE)
    assert recorder.max_tracking_id("seguidor:pagos") == 5
    assert [fila.originator_id for fila in recorder.leer(0, 10)] == ["a"]
    recorder.insert_events([], idempotencia=CLAVE, principal=("a", 1))


def test_un_conflicto_deja_la_posicion_donde_estaba(recorder: Recorder) -> None:
    recorder.insert_events([guardado("a")])
    with pytest.raises(IntegrityError):
        recorder.insert_events([guardado("a")], tracking=Tracking("seguidor:pagos", 5))
    assert recorder.max_tracking_id("seguidor:pagos") is None


def test_dos_seguidores_a_la_vez_cuentan_una_vez(recorder: Recorder) -> None:
    salida = Barrier(8)

    def contar(_: int) -> bool:
        salida.wait()
        try:
            recorder.insert_events([guardado()], tracking=Tracking("seguidor:pagos", 7))
        except HechoYaContado:
            return False
        return True

    with ThreadPoolExecutor(8) as hilos:
        assert sum(hilos.map(contar, range(8))) == 1
    assert len(recorder.leer(0, 10)) == 1


def test_sin_eventos_se_guarda_solo_lo_que_acompania(recorder: Recorder) -> None:
    assert recorder.insert_events([]) == []
    assert recorder.insert_events([], tracking=Tracking("seguidor:pagos", 3)) == []
    recorder.insert_tracking(Tracking("seguidor:pagos", 4))
    assert recorder.max_tracking_id("seguidor:pagos") == 4
    with pytest.raises(HechoYaContado):
        recorder.insert_tracking(Tracking("seguidor:pagos", 4))
    assert recorder.leer(0, 10) == []


def test_una_clave_usada_no_guarda_nada_y_se_distingue_de_un_conflicto(recorder: Recorder) -> None:
    recorder.insert_events([guardado("a")], idempotencia=CLAVE)
    with pytest.raises(ClaveYaUsada):
        recorder.insert_events([guardado("b")], idempotencia=CLAVE, tracking=Tracking("seguidor:pagos", 9))
    with pytest.raises(ClaveYaUsada):
        recorder.insert_events([], idempotencia=CLAVE, principal=("a", 1))
    assert [fila.originator_id for fila in recorder.leer(0, 10)] == ["a"]
    assert recorder.max_tracking_id("seguidor:pagos") is None


def test_cada_modulo_tiene_su_log(tienda: Tienda) -> None:
    pagos, clientes = recorder_de(tienda, "pagos"), recorder_de(tienda, "clientes")
    pagos.insert_events([guardado("a")], tracking=Tracking("x:y", 1))
    clientes.insert_events([guardado("a"), guardado("b")])
    assert (len(pagos.leer(0, 10)), len(clientes.leer(0, 10))) == (1, 2)
    assert clientes.max_tracking_id("x:y") is None


@pytest.mark.parametrize("argumentos", [{}, {"tracking": Tracking("x:y", 1)}, {"idempotencia": CLAVE}])
def test_agregar_no_espera_a_quien_escribe_ni_a_quien_lee(
    recorder: Recorder, db_url: str, argumentos: dict[str, Any]
) -> None:
    with sin_prisa(db_url) as otro:
        otro.execute("SET lock_timeout = '3s'")
        otro.execute("INSERT INTO pagos_events VALUES ('suyo', 1, 'Algo.v1', '{}')")
        otro.execute("SELECT * FROM pagos_events")
        assert recorder.insert_events([guardado(nuevo())], **argumentos)
