"""Whoever is forgotten is so in every table, also where her stream can't be followed for now."""

import pytest
from sqlalchemy import text

from domain.base.agregado import Evento
from domain.cliente.agregado import Cliente
from projections.busqueda.consultas import Tipo, buscar
from projections.clientes import consultas
from projections.motor.aparcados import listar
from projections.motor.foto import foto
from projections.motor.reconstruccion import reconstruir
from projections.motor.reintento import reintentar
from projections.registro import PROYECCIONES
from tests.eventualmente import eventualmente
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, cliente, renombrar, tras
from tests.projections.generaciones import ordenar, taller, trabajando
from tests.projections.log_en_memoria import eventos_de

PERSONALES = "nombre, email, cedula, fecha_nacimiento, nombre_plegado, busqueda"
NADA = (None,) * 6
SIN_TOPE = "ALTER TABLE clientes DROP CONSTRAINT tope"


def registrada(lectura: Lectura) -> Cliente:
    una = cliente("ana")
    lectura.ocurre("clientes", una, cliente("beto", nombre="Beto Ruiz"))
    return una


def cambiada(una: Cliente) -> Evento:
    with a_las(tras(1)):
        renombrar(una, "Ana Paz")
    (evento,) = eventos_de(una)
    return evento


def olvidada(una: Cliente, *antes: Evento) -> Evento:
    """The events ``antes`` show nothing of her any more: her key is gone."""
    with a_las(tras(2)):
        una.anonimizar("lo pidió")
    for evento in antes:
        vars(evento).update(nombre=None, email=None, cedula=None, fecha_nacimiento=None)
    (evento,) = eventos_de(una)
    return evento


def datos(lectura: Lectura, esquema: str = "public") -> tuple[object, ...]:
    (fila,) = lectura.filas(f"{esquema}.clientes WHERE id = 'ana'", PERSONALES, "1")
    return fila


def exigir_que_nadie_la_halle(lectura: Lectura) -> None:
    assert datos(lectura) == NADA
    with foto(lectura.motor) as con:
        assert buscar(con, "ana", (Tipo.CLIENTE,), 5).total == 0
        pagina = consultas.listar(con)
        ficha = consultas.cliente(con, "ana")
    assert ([uno.id for uno in pagina.filas], pagina.total) == (["beto"], 1)
    assert ficha is not None
    assert (ficha.nombre, ficha.estado) == (None, "ANONIMIZADO")


def exigir_que_quede_como_rehecha(lectura: Lectura) -> None:
    """Once the cause is gone, taking up what is parked leads to where a rebuild leads."""
    with lectura.motor.connect() as conexion:
        parados = listar(conexion, "clientes")
    assert {uno.stream for uno in parados} == {"ana"}
    assert [reintentar(uno, PROYECCIONES, lectura.logs, lectura.motor) for uno in parados] == [None] * len(parados)
    resultado = reconstruir("clientes", taller(lectura))
    assert resultado.motivos == ()
    assert all(informe.iguales for informe in resultado.informes), resultado.informes


def test_aparcada_se_la_olvida_igual_y_despues_queda_como_rehecha(lectura: Lectura) -> None:
    una = registrada(lectura)
    ordenar(lectura, "ALTER TABLE clientes ADD CONSTRAINT tope CHECK (id <> 'ana' OR version < 2)")
    renombrada = cambiada(una)
    lectura.logs["clientes"].agregar(renombrada)
    lectura.alcanzar()
    assert datos(lectura) != NADA
    lectura.logs["clientes"].agregar(olvidada(una, renombrada))
    lectura.alcanzar()
    exigir_que_nadie_la_halle(lectura)
    assert lectura.filas("aparcados WHERE proyeccion = 'clientes'", "stream, eventos") == [("ana", 2)]
    ordenar(lectura, SIN_TOPE)
    exigir_que_quede_como_rehecha(lectura)


@pytest.mark.parametrize("tope", ["version < 2", "estado <> 'ANONIMIZADO'"])
def test_si_lo_que_falla_es_el_olvido_mismo_sus_datos_se_van_igual(lectura: Lectura, tope: str) -> None:
    una = registrada(lectura)
    ordenar(lectura, f"ALTER TABLE clientes ADD CONSTRAINT tope CHECK (id <> 'ana' OR {tope})")
    lectura.logs["clientes"].agregar(olvidada(una))
    lectura.alcanzar()
    exigir_que_nadie_la_halle(lectura)
    ordenar(lectura, SIN_TOPE)
    exigir_que_quede_como_rehecha(lectura)


@pytest.mark.parametrize("previo", [True, False], ids=["lo anterior", "el olvido"])
def test_lo_ilegible_no_impide_el_olvido(lectura: Lectura, *, previo: bool) -> None:
    una = registrada(lectura)
    anteriores = [cambiada(una)] if previo else []
    eventos = [*anteriores, olvidada(una, *anteriores)]
    lectura.logs["clientes"].estropear(eventos[0])
    lectura.logs["clientes"].agregar(*eventos)
    lectura.alcanzar()
    exigir_que_nadie_la_halle(lectura)
    lectura.logs["clientes"].curar(eventos[0])
    exigir_que_quede_como_rehecha(lectura)


@pytest.mark.parametrize("antes", [True, False], ids=["aparcada", "sin aparcar"])
def test_una_fila_que_la_base_no_quiere_sin_sus_datos_no_detiene_a_los_demas(lectura: Lectura, *, antes: bool) -> None:
    una = registrada(lectura)
    if antes:
        ordenar(lectura, "ALTER TABLE clientes ADD CHECK (id <> 'ana' OR version < 2)")
        lectura.logs["clientes"].agregar(cambiada(una))
        lectura.alcanzar()
    ordenar(lectura, "ALTER TABLE clientes ADD CONSTRAINT tope CHECK (nombre IS NOT NULL)")
    lectura.logs["clientes"].agregar(olvidada(una))
    lectura.ocurre("clientes", cliente("carla"))
    assert lectura.filas("clientes", "id", "1") == [("ana",), ("beto",), ("carla",)]
    assert lectura.filas("aparcados WHERE proyeccion = 'clientes'", "stream, eventos") == [("ana", 1 + antes)]


def test_el_olvido_de_un_flujo_aparcado_llega_a_todas_las_generaciones(lectura: Lectura) -> None:
    una = registrada(lectura)
    reconstruir("clientes", taller(lectura))
    for esquema in ("public", "clientes_g1"):
        ordenar(lectura, f"ALTER TABLE {esquema}.clientes ADD CHECK (id <> 'ana' OR version < 2)")
    with trabajando(lectura):
        lectura.logs["clientes"].agregar(olvidada(una))
        for esquema in ("public", "clientes_g1"):
            eventualmente(lambda esquema=esquema: datos(lectura, esquema), lambda visto: visto == NADA)  # type: ignore[misc]
    with lectura.motor.connect() as conexion:
        aparcados = conexion.execute(text("SELECT count(*) FROM aparcados WHERE proyeccion = 'clientes'"))
        assert aparcados.scalar_one() == 2
