"""Generations: built beside the one that serves, compared, switched, kept, gone back to; killed at any point."""

from dataclasses import replace

import pytest

from projections.motor.exclusiva import ReconstruccionEnMarcha
from projections.motor.marcha import Avance
from projections.motor.proyeccion import Proyeccion
from projections.motor.reconstruccion import (
    SinCodigo,
    SinGeneracion,
    descartar,
    reconstruir,
    volver,
)
from projections.payouts.proyeccion import PROYECCION as PAYOUTS
from projections.registro import PROYECCIONES
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import pagado, payout
from tests.projections.generaciones import estados, generaciones, ordenar, taller
from tests.projections.log_en_memoria import eventos_de

VERSION_2 = replace(PAYOUTS, version=PAYOUTS.version + 1)


class Corte(Exception):
    """The process is killed."""


@pytest.mark.parametrize("proyeccion", PROYECCIONES, ids=lambda una: una.nombre)
def test_reconstruir_deja_las_mismas_tablas_y_guarda_las_de_antes(vivida: Lectura, proyeccion: Proyeccion) -> None:
    antes = {tabla.nombre: vivida.filas(tabla.nombre, orden="1") for tabla in proyeccion.tablas}
    indices = vivida.filas("pg_indexes WHERE schemaname = 'public'", "indexdef", "1")
    resultado = reconstruir(proyeccion.nombre, taller(vivida))
    assert vivida.filas("pg_indexes WHERE schemaname = 'public'", "indexdef", "1") == indices
    assert resultado.motivos == ()
    assert all(informe.iguales for informe in resultado.informes)
    assert {tabla.nombre: vivida.filas(tabla.nombre, orden="1") for tabla in proyeccion.tablas} == antes
    assert estados(vivida, proyeccion.nombre) == [
        (1, proyeccion.version, f"{proyeccion.nombre}_g1", "guardada"),
        (2, proyeccion.version, "public", "activa"),
    ]
    vivida.ocurre("pagos", pagado("payout-otro", cliente_id="ana"))
    assert all(
        len(vivida.filas(f"{proyeccion.nombre}_g1.{una}", orden="1")) == len(filas) for una, filas in antes.items()
    )


def test_de_las_de_antes_quedan_las_dos_ultimas_o_las_que_se_diga(vivida: Lectura) -> None:
    for _ in range(2):
        assert reconstruir("payouts", taller(vivida)).descartadas == ()
    assert [una.numero for una in reconstruir("payouts", taller(vivida)).descartadas] == [1]
    assert [(numero, estado) for numero, _, _, estado in estados(vivida)] == [
        (2, "guardada"),
        (3, "guardada"),
        (4, "activa"),
    ]
    assert [una.numero for una in reconstruir("payouts", taller(vivida), guardar=1).descartadas] == [2, 3]


def test_reconstruir_un_log_vacio_o_de_un_solo_hecho(lectura: Lectura) -> None:
    assert reconstruir("payouts", taller(lectura)).motivos == ()
    assert estados(lectura) == [(2, PAYOUTS.version, "public", "activa")], "lo que estaba vacío no se guarda"
    lectura.logs["pagos"].agregar(eventos_de(payout())[0])
    lectura.alcanzar()
    assert reconstruir("payouts", taller(lectura)).motivos == ()
    assert lectura.filas("payouts", "id", "1") == [("payout-1",)]
    assert [una.numero for una in generaciones(lectura)] == [2, 3]


def test_reconstruir_sin_ningun_trabajador_llega_al_final_del_log(lectura: Lectura) -> None:
    """The first time nothing is there to compare with; later the active tables catch up beside."""
    lectura.logs["pagos"].agregar(*eventos_de(payout("payout-1")))
    assert reconstruir("payouts", taller(lectura)).motivos == ()
    assert lectura.filas("payouts", "id", "1") == [("payout-1",)]
    lectura.logs["pagos"].agregar(*(uno for n in range(2, 600) for uno in eventos_de(payout(f"payout-{n}"))))
    assert reconstruir("payouts", taller(lectura)).motivos == ()
    assert len(lectura.filas("payouts", "id", "1")) == 599


def test_tablas_borradas_a_mano_se_rehacen(vivida: Lectura) -> None:
    antes = vivida.filas("payouts", orden="1")
    ordenar(vivida, "DROP TABLE payouts")
    assert "payouts: 6 filas agregadas, 0 quitadas" in reconstruir("payouts", taller(vivida)).motivos
    assert reconstruir("payouts", taller(vivida), aceptar_diferencias=True).motivos == ()
    assert vivida.filas("payouts", orden="1") == antes


def test_una_fila_falsificada_detiene_el_cambio_hasta_que_alguien_lo_acepta(vivida: Lectura) -> None:
    ordenar(vivida, "UPDATE payouts SET monto = 1 WHERE id = 'payout-2'")
    resultado = reconstruir("payouts", taller(vivida))
    assert resultado.generacion.estado == "detenida"
    assert resultado.motivos == (
        "payouts: monto en USD pasa de 6253.50 a 7503.00",
        "payouts: 1 filas cambiadas, con el mismo código",
    )
    assert vivida.filas("payouts WHERE id = 'payout-2'", "monto", "1") == [(1,)]
    informe = generaciones(vivida)[1].informe
    assert informe is not None
    assert informe["motivos"] == list(resultado.motivos)
    assert reconstruir("payouts", taller(vivida), aceptar_diferencias=True).generacion.estado == "activa"
    assert vivida.filas("payouts WHERE id = 'payout-2' AND monto > 1", "id", "1") == [("payout-2",)]
    assert [estado for *_, estado in estados(vivida)] == ["guardada", "activa"]


def test_se_vuelve_a_la_de_antes_que_mientras_tanto_siguio(vivida: Lectura) -> None:
    reconstruir("payouts", taller(vivida))
    vivida.ocurre("pagos", payout("payout-nuevo"))
    assert volver("payouts", taller(vivida)).numero == 1
    assert estados(vivida) == [(1, PAYOUTS.version, "public", "activa"), (2, PAYOUTS.version, "payouts_g2", "guardada")]
    assert ("payout-nuevo",) in vivida.filas("payouts", "id", "1")
    assert volver("payouts", taller(vivida)).numero == 2
    assert ("payout-nuevo",) in vivida.filas("payouts", "id", "1")


def test_descartar_no_deja_nada_de_la_guardada(vivida: Lectura) -> None:
    reconstruir("payouts", taller(vivida))
    assert [una.numero for una in descartar("payouts", vivida.motor)] == [1]
    assert estados(vivida) == [(2, PAYOUTS.version, "public", "activa")]
    assert vivida.filas("pg_namespace WHERE nspname = 'payouts_g1'", "nspname", "1") == []
    assert vivida.filas("seguimiento WHERE application_name LIKE 'payouts:%'", "application_name", "1") == [
        ("payouts:2:pagos",)
    ]
    with pytest.raises(SinGeneracion):
        descartar("payouts", vivida.motor)
    with pytest.raises(SinGeneracion):
        volver("payouts", taller(vivida))


def test_cortada_en_cualquier_punto_la_misma_orden_termina(vivida: Lectura) -> None:
    quedan = 0

    def cortar(avance: Avance) -> None:
        nonlocal quedan
        quedan -= 1
        if quedan == 0:
            raise Corte

    antes = vivida.filas("clientes", orden="1")
    for punto in range(1, 40):
        quedan = punto
        try:
            reconstruir("clientes", taller(vivida, avance=cortar, limite=2))
        except Corte:
            continue
        break
    assert punto > 5
    activas = [una for una in generaciones(vivida, "clientes") if una.estado == "activa"]
    assert [una.numero for una in activas] == [2]
    assert vivida.filas("clientes", orden="1") == antes


def test_una_obra_de_codigo_mas_viejo_se_tira_y_se_empieza_de_nuevo(vivida: Lectura) -> None:
    def cortar(_: Avance) -> None:
        raise Corte

    with pytest.raises(Corte):
        reconstruir("payouts", taller(vivida, avance=cortar))
    reconstruir("payouts", taller(vivida, VERSION_2))
    assert estados(vivida) == [
        (1, PAYOUTS.version, "payouts_g1", "guardada"),
        (3, VERSION_2.version, "public", "activa"),
    ]


def test_dos_reconstrucciones_a_la_vez_no_se_mezclan(vivida: Lectura) -> None:
    def otra(avance: Avance) -> None:
        if avance.fase != "comparar":
            return
        with pytest.raises(ReconstruccionEnMarcha):
            reconstruir("payouts", taller(vivida))
        with pytest.raises(ReconstruccionEnMarcha):
            descartar("payouts", vivida.motor)

    assert reconstruir("payouts", taller(vivida, avance=otra)).motivos == ()


def test_a_una_guardada_sin_su_codigo_no_se_vuelve(vivida: Lectura) -> None:
    reconstruir("payouts", taller(vivida, VERSION_2))
    with pytest.raises(SinCodigo):
        volver("payouts", replace(taller(vivida), proyecciones=(VERSION_2,)))


def test_lo_que_no_existe_se_dice(lectura: Lectura) -> None:
    with pytest.raises(SinGeneracion):
        reconstruir("inventada", taller(lectura))
