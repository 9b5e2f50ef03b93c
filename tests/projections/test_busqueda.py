"""The search: every match is found and counted once, the best come first."""

from collections.abc import Sequence
from typing import Any

import pytest

from projections.busqueda.consultas import Hallazgos, Tipo, buscar
from projections.busqueda.plegado import plegar
from projections.motor.foto import foto
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import a_las, campania, cliente, pagado, payout, tras

NOMBRES = ("José Ñáñez", "Ana 100%", "Ana_Díaz", "Pía Rojas", "Marc Out")
PARTNERS = ("Ñandú S.A.", "pay", "ana", "c1", "100%", "OUT_1")
CICLOS = ("2026-01", "Mañana", "K1", "ab", "0192ab", "año_nuevo")
AGUJAS = ("ana", "ANA", "ñ", "nandu", "%", "_", "0%", "pay", "payout", "out", "t-0", "0192", "ab", "f", "-", "k1",
          "2026-01", "manana", "c1", "ejemplo", "a", "yo", "payout-0192ab", "nadie que exista", "\\", "o")  # fmt: skip


@pytest.fixture
def casa(lectura: Lectura) -> Lectura:
    """Some of everything, and one forgotten."""
    olvidada = cliente("ana-olvidada", nombre="Ana Olvidada")
    with a_las(tras(1)):
        olvidada.anonimizar("lo pidió")
    lectura.ocurre("clientes", olvidada, *(cliente(f"C{n}", tras(n), nombre) for n, nombre in enumerate(NOMBRES)))
    lectura.ocurre(
        "campanias",
        *(
            campania(f"K{n}", f"C{n}", tras(n // 2), nombre=nombre)
            for n, nombre in enumerate(("Año Nuevo", "Ana", "K1 bis"))
        ),
    )
    pares = [(partner, ciclo) for partner in PARTNERS for ciclo in CICLOS]
    lectura.ocurre(
        "pagos",
        *(
            payout(f"payout-0192ab{n:02x}-f0{n * 7 % 16:x}", tras(n // 3), partner_id=partner, cycle_id=ciclo)
            for n, (partner, ciclo) in enumerate(pares * 2)
        ),
    )
    return lectura


def pedir(lectura: Lectura, q: str, **que: Any) -> Hallazgos:
    with foto(lectura.motor) as con:
        return buscar(con, q, **que)


def esperados(lectura: Lectura, tabla: str, fecha: str, campos: str, aguja: str) -> list[tuple[str, float]]:
    """Ids and relevance, best first, of the rows of a table one of whose fields holds the folded needle."""
    hallados = []
    for id_, cuando, *textos in lectura.filas(tabla, f"id, {fecha}, {campos}"):
        plegados = [plegar(texto) for texto in textos if texto is not None]
        if len(plegados) == len(textos) and any(aguja in texto for texto in plegados):
            igual, comienzo = aguja in plegados, any(texto.startswith(aguja) for texto in plegados)
            hallados.append((1.0 if igual else 0.7 if comienzo else 0.4, cuando, id_))
    return [(id_, relevancia) for relevancia, _, id_ in sorted(hallados, reverse=True)]


def test_se_halla_todo_lo_que_lleva_la_aguja_y_lo_mejor_primero(casa: Lectura) -> None:
    def mostrados(hallados: Sequence[Any]) -> list[tuple[str, float]]:
        return [(uno.id, uno.relevancia) for uno in hallados]

    for q in AGUJAS:
        aguja = plegar(q)
        clientes = esperados(casa, "clientes", "fecha_registro", "id, nombre, email", aguja)
        pagos = esperados(casa, "payouts", "fecha_creacion", "id, partner_id, cycle_id", aguja)
        campanias = esperados(casa, "campanias", "fecha_creacion", "id, nombre", aguja)
        for limite in (1, 5, 50):
            hallazgos = pedir(casa, q, limite=limite)
            assert mostrados(hallazgos.clientes) == clientes[:limite], q
            assert mostrados(hallazgos.pagos) == pagos[:limite], q
            assert mostrados(hallazgos.campanias) == campanias[:limite], q
            assert hallazgos.total == len(clientes) + len(pagos) + len(campanias), q


def test_quien_no_ve_emails_no_los_adivina(casa: Lectura) -> None:
    for q in (*AGUJAS, "c1@ejemplo", "c1@ejemplo.co", "@", ".co"):
        esperado = esperados(casa, "clientes", "fecha_registro", "id, nombre", plegar(q))
        hallazgos = pedir(casa, q, tipos=[Tipo.CLIENTE], limite=50, por_email=False)
        assert [(uno.id, uno.relevancia) for uno in hallazgos.clientes] == esperado, q
        assert hallazgos.total == len(esperado), q
        if "@" in q:
            assert pedir(casa, q, limite=1, por_email=False) == Hallazgos(0, (), (), ())
            assert pedir(casa, q).total


def test_se_busca_solo_en_lo_que_se_pide(casa: Lectura) -> None:
    cuantos = {tipo: pedir(casa, "ana", tipos=[tipo]).total for tipo in Tipo}
    assert all(cuantos.values())
    assert pedir(casa, "ana").total == sum(cuantos.values())
    solo = pedir(casa, "ana", tipos=[Tipo.CAMPANIA])
    assert (solo.clientes, solo.pagos, [una.id for una in solo.campanias]) == ((), (), ["K1"])


@pytest.mark.parametrize("q", ["", "   ", "\u0301\n"])
def test_una_aguja_sin_nada_no_halla_nada(casa: Lectura, q: str) -> None:
    assert pedir(casa, q) == Hallazgos(0, (), (), ())


@pytest.mark.parametrize("q", ["\0", "a\0", "\ud800"])
def test_lo_que_ningun_texto_puede_llevar_no_se_halla(casa: Lectura, q: str) -> None:
    assert pedir(casa, q).total == 0


def test_de_quien_se_olvida_no_se_halla_ni_el_id(casa: Lectura) -> None:
    assert pedir(casa, "olvidada").total == 0


def test_cada_hallazgo_lleva_lo_que_se_muestra(lectura: Lectura) -> None:
    lectura.ocurre("clientes", cliente("ana"))
    lectura.ocurre("campanias", campania("K-ana", "ana"))
    lectura.ocurre("pagos", pagado("payout-1", tras(5), partner_id="ana"))
    hallazgos = pedir(lectura, "ana")
    (persona,), (pago,), (una,) = hallazgos.clientes, hallazgos.pagos, hallazgos.campanias
    assert (persona.nombre, persona.email) == ("Ana Díaz", "ana@ejemplo.co")
    assert (pago.partner_id, pago.moneda, pago.fecha) == ("ana", "USD", tras(5))
    assert (una.nombre, una.cliente_id, una.cliente_nombre) == ("K-ana", "ana", "Ana Díaz")
