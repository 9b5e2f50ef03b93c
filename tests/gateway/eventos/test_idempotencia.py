"""Idempotency keys live seven days, with the events that they protect."""

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from domain.base.aplicacion import ClaveYaUsada
from domain.base.contexto import Contexto
from domain.base.dinero import Dinero
from gateway.eventos.idempotencia import Clave, Uso, buscar_uso
from gateway.eventos.recorder import Recorder
from tests.gateway.eventos.apoyo import AHORA, guardado
from tests.gateway.eventos.inventado import Vale, Vales

CLAVE = Clave("ana", "POST /pagos/pagar", "k-1", b"huella")


def uso_de(recorder: Recorder, clave: Clave = CLAVE) -> Uso | None:
    return buscar_uso(recorder.datastore, clave.actor, clave.ruta, clave.clave)


def test_un_uso_dice_el_agregado_su_version_y_su_posicion(recorder: Recorder) -> None:
    assert uso_de(recorder) is None
    *_, ultima = recorder.insert_events([guardado("r"), guardado("a"), guardado("a", 2)], idempotencia=CLAVE)
    assert uso_de(recorder) == Uso(b"huella", "a", 2, ultima)


def test_sin_eventos_el_uso_dice_donde_esta_el_agregado(recorder: Recorder) -> None:
    (posicion,) = recorder.insert_events([guardado("a")])
    recorder.insert_events([guardado("b")])
    recorder.insert_events([], idempotencia=CLAVE, principal=("a", 1))
    assert uso_de(recorder) == Uso(b"huella", "a", 1, posicion)


def test_una_clave_es_de_quien_la_usa_y_para_lo_que_la_usa(recorder: Recorder) -> None:
    recorder.insert_events([guardado()], idempotencia=CLAVE)
    for otra in (Clave("luis", CLAVE.ruta, "k-1", b"h"), Clave("ana", "POST /otra", "k-1", b"h")):
        assert uso_de(recorder, otra) is None
        recorder.insert_events([guardado()], idempotencia=otra)


def test_lo_rechazado_no_gasta_la_clave(recorder: Recorder) -> None:
    recorder.insert_events([guardado("a")])
    with pytest.raises(IntegrityError):
        recorder.insert_events([guardado("a")], idempotencia=CLAVE)
    assert uso_de(recorder) is None


def test_a_los_siete_dias_la_clave_sirve_de_nuevo(recorder: Recorder, sql: psycopg.Connection) -> None:
    recorder.insert_events([guardado("a")], idempotencia=CLAVE)
    sql.execute("UPDATE idempotencia SET creado = now() - interval '6 days 23 hours 59 minutes'")
    assert uso_de(recorder) is not None
    sql.execute("UPDATE idempotencia SET creado = now() - interval '7 days 1 second'")
    with pytest.raises(ClaveYaUsada):
        recorder.insert_events([guardado("b")], idempotencia=CLAVE)
    assert uso_de(recorder) is None
    recorder.insert_events([guardado("b")], idempotencia=CLAVE)
    assert uso_de(recorder) is not None


def test_los_usos_vencidos_se_van_solos(recorder: Recorder, sql: psycopg.Connection) -> None:
    for numero in range(6):
        recorder.insert_events([guardado()], idempotencia=Clave("ana", "r", f"vieja-{numero}", b"h"))
    sql.execute("UPDATE idempotencia SET creado = now() - interval '8 days'")
    for numero in range(3):
        recorder.insert_events([guardado()], idempotencia=Clave("ana", "r", f"nueva-{numero}", b"h"))
    quedan = sql.execute("SELECT clave FROM idempotencia ORDER BY clave").fetchall()
    assert quedan == [("nueva-0",), ("nueva-1",), ("nueva-2",)]


def test_una_aplicacion_cuenta_lo_suyo_aunque_otros_agregados_se_guarden_con_el(vales: Vales) -> None:
    def dos(vales: Vales) -> object:
        uno, otro = (Vale(id=n, titular=None, correo=None, monto=Dinero(1, "USD"), vence=None) for n in "ab")
        return vales.guardar(uno, otro)

    posicion = vales.ejecutar(dos, Contexto(ahora=AHORA, adjuntos={"idempotencia": CLAVE}))
    recorder: Recorder = vales.recorder  # type: ignore[assignment]
    assert uso_de(recorder) == Uso(b"huella", "a", 1, posicion)

    def nada(vales: Vales) -> object:
        vale = vales.buscar(Vale, "b")
        assert vale is not None
        return vales.guardar(vale)

    otra = Clave("ana", "POST /otra", "k-2", b"h")
    posicion = vales.ejecutar(nada, Contexto(ahora=AHORA, adjuntos={"idempotencia": otra}))
    assert uso_de(recorder, otra) == Uso(b"h", "b", 1, posicion)
