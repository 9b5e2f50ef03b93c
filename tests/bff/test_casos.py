"""Use cases over the twins: what a page shows when its services do well, fail, hang, or are not there yet."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from bff.application.ports.peticion import Peticion
from bff.application.use_cases.campanias import PAGOS, VerCampania
from bff.application.use_cases.cliente import VerCliente
from bff.application.use_cases.dashboard import GenerarDashboard
from bff.application.use_cases.health import VerSalud
from bff.application.use_cases.pagos import VerPago
from bff.application.use_cases.search import Buscar
from bff.domain.exceptions import AunNoLlega, NoEncontrado, ServicioLento, ServicioRoto
from bff.domain.models.dashboard import Dashboard
from bff.domain.models.health import CacheHealth
from bff.domain.models.search_result import Tipo
from bff.infrastructure.adapters.conteo import Conteo
from tests.bff.gemelos import CuentaEnMemoria, Hechos
from tests.bff.mundos import Gemelos
from tests.projections.ejemplos import AHORA, campania, cliente, pagado, payout, tras

T = TypeVar("T")
POCO = 0.05
"""Seconds that a part may take here."""
NADIE = Peticion()


@pytest.fixture
def gemelos() -> Gemelos:
    hechos = Hechos()
    hechos.ocurre("clientes", cliente("ana", AHORA, "Ana Díaz"))
    hechos.ocurre("campanias", campania("VERANO", "ana"))
    hechos.ocurre("pagos", pagado("payout-1", tras(10), cycle_id="VERANO"), payout("payout-2", tras(20)))
    return Gemelos(hechos)


def correr(tarea: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(tarea)


def tres(gemelos: Gemelos) -> tuple[Any, Any, Any, float]:
    return gemelos.clientes, gemelos.pagos, gemelos.campanias, POCO


def test_el_tablero_junta_los_tres_servicios(gemelos: Gemelos) -> None:
    tablero = correr(GenerarDashboard(*tres(gemelos)).ejecutar())
    assert (tablero.total_clientes, tablero.total_pagos, tablero.total_campanias) == (1, 2, 1)
    assert [uno.id for uno in tablero.pagos_recientes] == ["payout-2", "payout-1"]
    assert tablero.notas == {}


@pytest.mark.parametrize(
    ("parte", "total"), [("clientes", "total_clientes"), ("pagos", "total_pagos"), ("campanias", "total_campanias")]
)
def test_un_servicio_caido_le_quita_al_tablero_su_parte_y_nada_mas(gemelos: Gemelos, parte: str, total: str) -> None:
    gemelos.hechos.caidos.add(parte)
    tablero = correr(GenerarDashboard(*tres(gemelos)).ejecutar())
    assert tablero.notas == {parte: "El servicio no responde"}
    totales = {que: getattr(tablero, que) for que in ("total_clientes", "total_pagos", "total_campanias")}
    assert [que for que, cuantos in totales.items() if cuantos is None] == [total]


def test_un_servicio_colgado_no_se_lleva_la_pagina(gemelos: Gemelos) -> None:
    gemelos.hechos.colgados.add("pagos")
    tablero = correr(GenerarDashboard(*tres(gemelos)).ejecutar())
    assert tablero.notas == {"pagos": "El servicio tarda demasiado"}
    assert (tablero.total_clientes, tablero.total_pagos, tablero.pagos_recientes) == (1, None, ())


def test_sin_ningun_servicio_no_hay_tablero(gemelos: Gemelos) -> None:
    gemelos.hechos.caidos |= {"clientes", "pagos", "campanias"}
    with pytest.raises(ServicioRoto):
        correr(GenerarDashboard(*tres(gemelos)).ejecutar())


def test_las_partes_se_piden_a_la_vez(gemelos: Gemelos) -> None:
    async def pedir() -> Dashboard:
        # Each answers once all three were asked.
        gemelos.hechos.encuentro = asyncio.Barrier(3)
        return await GenerarDashboard(gemelos.clientes, gemelos.pagos, gemelos.campanias, 60).ejecutar()

    assert correr(pedir()).notas == {}


def test_un_cliente_se_ve_sin_sus_pagos_pero_no_sin_el(gemelos: Gemelos) -> None:
    gemelos.hechos.caidos.add("pagos")
    detalle = correr(VerCliente(*tres(gemelos)).ejecutar("ana", NADIE))
    assert (detalle.cliente.nombre, detalle.pagos_recientes) == ("Ana Díaz", ())
    assert detalle.notas == {"pagos_recientes": "El servicio no responde"}
    gemelos.hechos.caidos.add("clientes")
    with pytest.raises(ServicioRoto):
        correr(VerCliente(*tres(gemelos)).ejecutar("ana", NADIE))


def test_lo_que_nunca_hubo_no_se_encuentra(gemelos: Gemelos) -> None:
    clientes, pagos, campanias, poco = tres(gemelos)
    for tarea in (
        VerCliente(*tres(gemelos)).ejecutar("nadie", NADIE),
        VerPago(pagos).ejecutar("payout-9", NADIE),
        VerCampania(campanias, pagos, poco).ejecutar("K9", NADIE),
    ):
        with pytest.raises(NoEncontrado):
            correr(tarea)
    assert clientes is not None


def test_lo_aceptado_que_aun_no_se_ve_se_espera(gemelos: Gemelos) -> None:
    gemelos.hechos.por_llegar.add("payout-1")

    async def llega_en_un_rato() -> str:
        asyncio.get_running_loop().call_later(0.1, gemelos.hechos.por_llegar.clear)
        return (await VerPago(gemelos.pagos).ejecutar("payout-1", NADIE)).pago.id

    assert correr(llega_en_un_rato()) == "payout-1"


def test_lo_aceptado_que_no_llega_se_dice_aparte(gemelos: Gemelos) -> None:
    gemelos.hechos.por_llegar.add("payout-1")
    with pytest.raises(AunNoLlega):
        correr(VerPago(gemelos.pagos).ejecutar("payout-1", NADIE))


def test_una_campania_se_ve_sin_sus_pagos(gemelos: Gemelos) -> None:
    gemelos.hechos.colgados.add("pagos")
    detalle = correr(VerCampania(gemelos.campanias, gemelos.pagos, POCO).ejecutar("VERANO", NADIE))
    assert (detalle.campania.id, detalle.pagos) == ("VERANO", ())
    assert detalle.notas == {"pagos": "El servicio tarda demasiado"}


def test_una_campania_con_mas_pagos_de_los_que_caben_lo_dice(gemelos: Gemelos) -> None:
    gemelos.hechos.ocurre("pagos", *(pagado(f"payout-x{n}", tras(30 + n), cycle_id="VERANO") for n in range(PAGOS)))
    detalle = correr(VerCampania(gemelos.campanias, gemelos.pagos, POCO).ejecutar("VERANO", NADIE))
    assert [uno.id for uno in detalle.pagos] == [f"payout-x{n}" for n in reversed(range(PAGOS))]
    assert (detalle.notas, detalle.entera) == ({"pagos": "Se muestran los 100 más recientes"}, True)


def test_la_busqueda_cuenta_lo_de_todos_y_calla_lo_que_no_se_pide(gemelos: Gemelos) -> None:
    todo = correr(Buscar(*tres(gemelos)).ejecutar("an", tuple(Tipo), 5))
    assert (todo.total_results, [uno.id for uno in todo.results.clientes]) == (3, ["ana"])
    assert [una.id for una in todo.results.campanias] == ["VERANO"]
    assert [uno.id for uno in todo.results.pagos] == ["payout-1"]  # by its cycle_id
    solo = correr(Buscar(*tres(gemelos)).ejecutar("an", (Tipo.CLIENTE,), 5))
    assert (solo.total_results, solo.results.campanias) == (1, ())


def test_la_busqueda_sin_un_servicio_lo_dice_y_sin_el_unico_pedido_falla(gemelos: Gemelos) -> None:
    gemelos.hechos.colgados.add("campanias")
    hallado = correr(Buscar(*tres(gemelos)).ejecutar("ana", tuple(Tipo), 5))
    assert (hallado.total_results, hallado.notas) == (1, {"campanias": "El servicio tarda demasiado"})
    with pytest.raises(ServicioLento):
        correr(Buscar(*tres(gemelos)).ejecutar("ana", (Tipo.CAMPANIA,), 5))


def test_la_cuenta_de_paginas_es_la_misma_en_memoria_que_de_verdad() -> None:
    for cuenta in (CuentaEnMemoria(), Conteo(juntos=False)):
        assert cuenta.contar() == CacheHealth.de(0, 0)
        for acierto in (True, True, False):
            (cuenta.acierto if acierto else cuenta.falta)()
        assert cuenta.contar() == CacheHealth.de(2, 1)


@pytest.mark.parametrize(
    ("caidos", "dicho"),
    [((), "healthy"), (("pagos",), "degraded"), (("clientes", "pagos", "campanias"), "unhealthy")],
)
def test_la_salud_de_todo_sigue_a_la_de_cada_uno(gemelos: Gemelos, caidos: tuple[str, ...], dicho: str) -> None:
    gemelos.hechos.caidos.update(caidos)
    clientes, pagos, campanias, _ = tres(gemelos)
    reloj = lambda: datetime(2024, 1, 15, 10, 30, 0, 999, tzinfo=UTC)  # noqa: E731
    salud = correr(
        VerSalud(clientes, pagos, campanias, CuentaEnMemoria(1250, 85), reloj=reloj, version="1.0.0").ejecutar()
    )
    assert (salud.status, salud.sirve) == (dicho, dicho != "unhealthy")
    assert (salud.timestamp.isoformat(), salud.cache.hit_rate) == ("2024-01-15T10:30:00+00:00", 0.936)
