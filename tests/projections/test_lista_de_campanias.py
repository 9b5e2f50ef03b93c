"""Lists of campaigns: filters, the client's name as it is now, and the payments."""

from collections import Counter
from itertools import chain, combinations

import pytest

from domain.campanias.agregado import Campania
from domain.campanias.estado import Estado
from projections.campanias.consultas import PaginaDeCampanias, estados, listar, nombre_de_cliente, por_estado
from projections.clientes.consultas import pagos_de_campania
from projections.motor.foto import foto
from projections.motor.pagina import HONDO, PalabraDesconocida
from tests.projections.banco_de_lectura import Lectura
from tests.projections.ejemplos import AHORA, a_las, campania, cliente, pagado, payout, renombrar, tras


def pedir(lectura: Lectura, **que: object) -> PaginaDeCampanias:
    with foto(lectura.motor) as con:
        return listar(con, **que)  # type: ignore[arg-type]


def llevada(una: Campania, estado: Estado) -> Campania:
    with a_las():
        if estado is Estado.CANCELADA:
            una.cancelar("ya no")
        elif estado is not Estado.PENDIENTE:
            una.asociar_pago("payout-1")
        if estado in (Estado.ACTIVA, Estado.PAUSADA, Estado.FINALIZADA):
            una.activar(AHORA)
        if estado is Estado.PAUSADA:
            una.pausar()
        if estado is Estado.FINALIZADA:
            una.finalizar(AHORA)
    return una


def test_la_lista_es_la_de_las_campanias(lectura: Lectura) -> None:
    numeros = range(HONDO + 40)
    una_de = [
        (f"C{n:03d}", ("ana", "beto", "carla")[n % 3], list(Estado)[n % 7 % len(Estado)], tras(n // 2)) for n in numeros
    ]
    lectura.ocurre("campanias", *(llevada(campania(cual, de, cuando), estado) for cual, de, estado, cuando in una_de))
    with foto(lectura.motor) as con:
        assert por_estado(con) == Counter(estado for *_, estado, _ in una_de)
    grupos = chain.from_iterable(combinations(Estado, cuantos) for cuantos in (0, 1, 2, 6))
    for grupo in grupos:
        for de in (None, "ana", "nadie"):
            esperadas = [cual for cual, suyo, estado, _ in reversed(una_de)
                         if (not grupo or estado in grupo) and de in (None, suyo)]  # fmt: skip
            vistas: list[str] = []
            for pagina in range(1, 14):
                una = pedir(lectura, de_estados=grupo, cliente_id=de, pagina=pagina)
                assert una.total == len(esperadas)
                vistas += [fila.id for fila in una.filas]
            assert vistas == esperadas


def test_el_nombre_del_cliente_aparece_cambia_y_se_va(lectura: Lectura) -> None:
    def nombre() -> str | None:
        (fila,) = pedir(lectura).filas
        with foto(lectura.motor) as con:
            assert nombre_de_cliente(con, "ana") == fila.cliente_nombre
        return fila.cliente_nombre

    ana = cliente("ana", nombre="Ana Díaz")
    lectura.ocurre("campanias", campania(cliente_id="ana"))
    nombres = [nombre()]
    lectura.ocurre("clientes", ana)
    nombres.append(nombre())
    with a_las(tras(1)):
        renombrar(ana, "Ana Peña")
    lectura.ocurre("clientes", ana)
    nombres.append(nombre())
    with a_las(tras(2)):
        ana.anonimizar("lo pidió")
    lectura.ocurre("clientes", ana)
    nombres.append(nombre())
    assert nombres == [None, "Ana Díaz", "Ana Peña", None]


def test_los_pagos_de_una_campania_son_los_que_la_nombran(lectura: Lectura) -> None:
    dicho = pagado("payout-1", tras(1), campania_id="C1")
    por_ciclo = payout("payout-2", tras(2), cycle_id="C1", currency="EUR")
    de_otra = pagado("payout-3", tras(3), cycle_id="C1", campania_id="C2")
    lectura.ocurre("pagos", dicho, por_ciclo, de_otra)
    lectura.ocurre("campanias", campania("C1"), campania("C3"))
    with foto(lectura.motor) as con:
        pagos, ninguno = pagos_de_campania(con, "C1", 9), pagos_de_campania(con, "C3", 9)
    assert [(pago.id, pago.estado) for pago in pagos] == [("payout-2", "PENDIENTE"), ("payout-1", "COMPLETADO")]
    assert ninguno == ()


def test_los_estados_se_nombran_en_cualquier_forma() -> None:
    assert estados("activa, PAUSADA") == {Estado.ACTIVA, Estado.PAUSADA}
    with pytest.raises(PalabraDesconocida, match="COMPLETED"):
        estados("COMPLETED")
