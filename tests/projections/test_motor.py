"""The engine: each fact counts once, whoever moves the projection and whatever is killed or poisoned."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from projections.clientes.proyeccion import PROYECCION as CLIENTES
from projections.motor.seguidor import Seguidor
from projections.motor.seguimiento import PosicionDisputada
from projections.payouts.proyeccion import PROYECCION as PAYOUTS
from projections.por_procesar.proyeccion import PROYECCION as POR_PROCESAR
from tests.projections.banco_de_lectura import Lectura, sesion_de
from tests.projections.ejemplos import a_las, campania, cliente, pagado, payout
from tests.projections.log_en_memoria import eventos_de


def total(lectura: Lectura) -> int:
    """Payments of the only client."""
    ((pagos,),) = lectura.filas("clientes", "total_pagos", "1")
    return int(pagos)


def test_de_dos_trabajadores_en_la_misma_posicion_solo_cuenta_uno(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente())
    with sesion_de(lectura.motor) as una, sesion_de(lectura.motor) as otra:
        dueno, rezagado = (lectura.seguidor(sesion, CLIENTES, "pagos") for sesion in (una, otra))
        lectura.logs["pagos"].agregar(*eventos_de(pagado("payout-1", cliente_id="ana")))
        assert dueno.avanzar() > 0
        lectura.logs["pagos"].agregar(*eventos_de(pagado("payout-2", cliente_id="ana")))
        with pytest.raises(PosicionDisputada):
            rezagado.avanzar()
        assert total(lectura) == 1
    lectura.alcanzar()
    assert total(lectura) == 2


def test_mientras_uno_escribe_el_otro_no_entra_ni_por_otro_log_de_la_misma_proyeccion(lectura: Lectura) -> None:
    """Links follow from two logs: a payment and its campaign, taken in at once, must see one another."""
    lectura.ocurre("clientes", cliente("ana"), cliente("beto"))
    lectura.logs["pagos"].agregar(*eventos_de(pagado("payout-1", partner_id="ana", cycle_id="C1")))
    lectura.logs["campanias"].agregar(*eventos_de(campania("C1", "beto")))
    with sesion_de(lectura.motor) as una, sesion_de(lectura.motor) as otra:
        de_campanias = lectura.seguidor(otra, CLIENTES, "campanias")
        otra.execute(text("SET lock_timeout = '100ms'"))
        otra.commit()
        with una.begin():
            una.execute(text("SELECT 1 FROM seguimiento WHERE application_name = 'clientes:1:pagos' FOR UPDATE"))
            with pytest.raises(DBAPIError, match="lock timeout"):
                de_campanias.avanzar()
    lectura.alcanzar()
    assert lectura.filas("clientes", "id, total_pagos") == [("ana", 0), ("beto", 1)]


def test_una_muerte_antes_de_confirmar_no_deja_nada_y_se_repite_una_vez(lectura: Lectura) -> None:
    """The server kills the worker's backend at its commit, after every row was written."""
    lectura.ocurre("clientes", cliente())
    with lectura.motor.begin() as conexion:
        conexion.execute(
            text(
                "CREATE FUNCTION matar() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$"
            )
        )
        conexion.execute(
            text(
                "CREATE CONSTRAINT TRIGGER muerte AFTER INSERT ON clientes_vinculos"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION matar()"
            )
        )
    lectura.logs["pagos"].agregar(*eventos_de(pagado(cliente_id="ana")))
    with pytest.raises(DBAPIError):
        lectura.alcanzar()
    assert lectura.filas("clientes_vinculos") == []
    assert total(lectura) == 0
    with lectura.motor.begin() as conexion:
        conexion.execute(text("DROP TRIGGER muerte ON clientes_vinculos"))
    lectura.alcanzar()
    assert total(lectura) == 1


def test_una_conexion_perdida_al_leer_no_culpa_a_ningun_hecho(lectura: Lectura) -> None:
    with sesion_de(lectura.motor) as sesion:
        seguidor = lectura.seguidor(sesion, PAYOUTS, "pagos")
        lectura.logs["pagos"].agregar(*eventos_de(payout()))
        lectura.logs["pagos"].cortar(1)
        with pytest.raises(ConnectionResetError):
            seguidor.avanzar()
    lectura.alcanzar()
    assert lectura.filas("aparcados") == []
    assert len(lectura.filas("payouts")) == 1


def test_lo_que_no_interesa_mueve_la_posicion_igual(lectura: Lectura) -> None:
    uno = payout()
    with a_las():
        uno.procesar(uno.created_on)
        uno.confirmar("SIM-1", uno.created_on, uno.created_on)
    lectura.ocurre("pagos", uno)
    with a_las():
        uno.revertir("devolución")
    lectura.ocurre("pagos", uno)
    with sesion_de(lectura.motor) as sesion:
        seguidor: Seguidor = lectura.seguidor(sesion, POR_PROCESAR, "pagos")
        assert seguidor.posicion == lectura.logs["pagos"].cabeza()
