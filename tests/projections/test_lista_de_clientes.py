"""Lists and details of clients: search, order, pages, and nothing of the forgotten."""

from decimal import Decimal
from itertools import product
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.cliente.agregado import Cliente
from projections.busqueda.plegado import buscable, contiene, plegar
from projections.clientes import consultas
from projections.clientes.consultas import Campo, PaginaDeClientes, Sentido, listar
from projections.motor.foto import foto
from projections.motor.pagina import HONDO
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, campania, cliente, pagado, payout, renombrar, tras

NOMBRES = ("José Ñáñez", "JOSE NANEZ", "Ana 100%", "Ana_Díaz", "Søren Łuk", "Ana  Díaz", "Zoë", "zoe\\b")


def pedir(lectura: Lectura, **que: object) -> PaginaDeClientes:
    with foto(lectura.motor) as con:
        return listar(con, **que)  # type: ignore[arg-type]


def ids(pagina: PaginaDeClientes) -> list[str]:
    return [fila.id for fila in pagina.filas]


def olvidar(uno: Cliente) -> Cliente:
    with a_las(tras(1)):
        uno.anonimizar("lo pidió")
    return uno


@pytest.mark.parametrize(
    ("texto", "plegado"),
    [
        ("  José  ÑÁÑEZ ", "jose nanez"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("İstanbul", "istanbul"),
        ("Søren ÆØ Łódź", "soren aeo lodz"),
        ("ＡＢＣ１", "abc1"),
        ("a\u0301", "a"),
        ("日本", "日本"),
    ],
)
def test_se_pliegan_acentos_mayusculas_y_espacios(texto: str, plegado: str) -> None:
    assert plegar(texto) == plegado
    assert plegar(plegado) == plegado


@given(st.text(), st.text())
def test_una_aguja_plegada_no_cruza_de_un_texto_a_otro(uno: str, otro: str) -> None:
    assert buscable(uno, otro).count("\n") == 3


@given(
    buscar=st.one_of(
        st.sampled_from(["", "ana", "ANA ", "ñá", "%", "_", "\\", "a_d", "o", "ejemplo.co", "c1", "z", "ø", "nadie"]),
        st.text(max_size=3),
    ),
    orden=st.sampled_from(get_args(Campo)),
    sentido=st.sampled_from(get_args(Sentido)),
    pagina=st.integers(1, 4),
    por_email=st.booleans(),
)
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_la_lista_es_la_de_los_clientes(
    libro_de_clientes: Lectura, *, buscar: str, orden: Campo, sentido: Sentido, pagina: int, por_email: bool
) -> None:
    aguja = plegar(buscar)
    todos = libro_de_clientes.filas("clientes", "id, nombre, email, fecha_registro, estado")
    hallados = [
        fila
        for fila in todos
        if fila[4] != "ANONIMIZADO"
        and (not aguja or aguja in plegar(fila[1]) or (por_email and aguja in plegar(fila[2])))
    ]
    hallados.sort(key=lambda fila: (plegar(fila[1]) if orden == "nombre" else fila[3], fila[0]))
    if sentido == "desc":
        hallados.reverse()
    que = {"buscar": buscar, "orden": orden, "sentido": sentido, "pagina": pagina, "por_email": por_email}
    una = pedir(libro_de_clientes, **que, por_pagina=6)
    assert una.total == len(hallados)
    assert ids(una) == [fila[0] for fila in hallados[6 * (pagina - 1) : 6 * pagina]]


@pytest.fixture
def libro_de_clientes(lectura: Lectura) -> Lectura:
    """Twenty clients, two at each instant; every fifth is forgotten."""
    numeros = range(20)
    todos = [cliente(f"c{n}", tras(n // 2), NOMBRES[n % len(NOMBRES)]) for n in numeros]
    lectura.ocurre("clientes", *(olvidar(uno) if n % 5 == 0 else uno for n, uno in zip(numeros, todos, strict=True)))
    return lectura


def test_las_paginas_hondas_siguen_el_mismo_orden(lectura: Lectura) -> None:
    lectura.ocurre("clientes", *(cliente(f"c{n:03d}", tras(n // 3)) for n in range(HONDO + 30)))
    for orden, sentido in product(get_args(Campo), get_args(Sentido)):
        vistos = [
            uno for pagina in range(1, 13) for uno in ids(pedir(lectura, orden=orden, sentido=sentido, pagina=pagina))
        ]
        esperados = [f"c{n:03d}" for n in range(HONDO + 30)]
        assert vistos == (esperados if sentido == "asc" else esperados[::-1])


def test_quien_cambia_de_nombre_se_halla_por_el_nuevo(lectura: Lectura) -> None:
    ana = cliente("ana", nombre="Ana Díaz")
    lectura.ocurre("clientes", ana)
    with a_las(tras(1)):
        renombrar(ana, "Beatriz Peña")
    lectura.ocurre("clientes", ana)
    assert ids(pedir(lectura, buscar="pena")) == ["ana"]
    assert pedir(lectura, buscar="diaz").total == 0


def test_de_quien_se_olvida_no_queda_nada_que_buscar(lectura: Lectura) -> None:
    lectura.ocurre("clientes", olvidar(cliente("ana")), cliente("beto"))
    assert lectura.filas("clientes", "id, nombre_plegado, busqueda")[0] == ("ana", None, None)
    assert (ids(pedir(lectura)), pedir(lectura).total) == (["beto"], 1)
    assert lectura.filas("clientes_por_estado") == [("ACTIVO", 1)]


def test_la_fila_lleva_sus_pagos(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente("ana"))
    lectura.ocurre("pagos", pagado("payout-1", tras(5), cliente_id="ana"))
    (fila,) = pedir(lectura).filas
    assert (fila.nombre, fila.email, fila.total_pagos, fila.ultimo_pago) == ("Ana Díaz", "ana@ejemplo.co", 1, tras(5))


def test_de_un_cliente_se_sabe_lo_pagado_lo_reciente_y_lo_que_esta_activo(lectura: Lectura) -> None:
    activa, pendiente = campania("C1", "ana", tras(1)), campania("C2", "ana", tras(2))
    with a_las(tras(3)):
        activa.asociar_pago("payout-1")
    pagos = [pagado(f"payout-{n}", tras(10 * n), partner_id="ana") for n in range(4)]
    de_campania = payout("payout-de-c1", tras(25), cycle_id="C1", currency="EUR")
    ajeno = payout("payout-ajeno", tras(99))
    lectura.ocurre("pagos", *pagos, de_campania, ajeno, pagado("payout-x", tras(1), cliente_id="ana", currency="EUR"))
    lectura.ocurre("clientes", cliente("ana"))
    lectura.ocurre("campanias", activa, pendiente)
    with foto(lectura.motor) as con:
        quien, totales = consultas.cliente(con, "ana"), consultas.totales_por_moneda(con, "ana")
        recientes, activas = consultas.pagos_recientes(con, "ana"), consultas.campanias_activas(con, "ana")
        assert consultas.cliente(con, "beto") is None
    assert quien is not None
    assert (quien.cedula, quien.total_pagos) == ("0012345", 5)
    assert totales == {"EUR": Decimal("1250.50"), "USD": Decimal("5002.00")}
    assert [(pago.id, pago.estado, pago.fecha) for pago in recientes] == [
        ("payout-3", "COMPLETADO", tras(30)),
        ("payout-de-c1", "PENDIENTE", tras(25)),
        ("payout-2", "COMPLETADO", tras(20)),
        ("payout-1", "COMPLETADO", tras(10)),
        ("payout-x", "COMPLETADO", tras(1)),
    ]
    assert [(una.id, una.estado) for una in activas] == [("C1", "APROBADA")]


def test_el_patron_es_literal() -> None:
    assert contiene("50%_\\") == "%50\\%\\_\\\\%"
