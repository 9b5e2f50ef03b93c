"""What each port promises, kept by its adapter over the real tables and the real core, and by its twin in memory."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bff.application.ports.peticion import Peticion
from bff.domain.exceptions import NoEncontrado
from bff.domain.models.campania_view import CampaniasFilter
from bff.domain.models.cliente_view import ClientesFilter
from bff.domain.models.pagina import Pagina
from bff.domain.models.pago_view import PagosFilter
from domain.pagos.estado import Estado as EstadoDePago
from tests.bff.mundos import Mundo
from tests.projections.ejemplos import AHORA, a_las, campania, cliente, pagado, payout, tras
from tests.projections.historia_de_pagos import llevar

NADIE = Peticion()
DESPUES = "2999-01-01"
ANTES = "2001-01-01"


def libro(mundo: Mundo) -> None:
    """Two clients, one of whom has a campaign paid for; payments in several states."""
    mundo.ocurre("clientes", cliente("ana", AHORA, "Ana Núñez"), cliente("beto", tras(60), "Beto Díaz"))
    verano = campania("VERANO", "ana", tras(90), nombre="Verano en Ána")
    mundo.ocurre("campanias", verano, campania("OTONO", "nadie", tras(100)))
    fallido, revertido = payout("payout-3", tras(300)), payout("payout-4", tras(300), currency="EUR")
    llevar(fallido, EstadoDePago.FALLIDO, tras(310))
    llevar(revertido, EstadoDePago.REVERTIDO, tras(310))
    primero = pagado("payout-1", tras(200), cycle_id="VERANO")
    mundo.ocurre("pagos", primero, payout("payout-2", tras(250), partner_id="beto"), fallido, revertido)
    with a_las(tras(400)):
        verano.asociar_pago("payout-1")
    mundo.ocurre("campanias", verano)


def test_una_lista_de_pagos_trae_los_mas_nuevos_y_lo_que_suman_todos(mundo: Mundo) -> None:
    libro(mundo)
    lista = mundo.pedir(mundo.puertos.pagos.get_pagos_paginados(PagosFilter(), Pagina(1, 2)))
    assert [fila.id for fila in lista.data] == ["payout-4", "payout-3"]
    assert (lista.pagination.total, lista.pagination.pages, lista.pagination.has_next) == (4, 2, True)
    sumas = lista.agregaciones
    assert (sumas.pagos_completados, sumas.pagos_pendientes, sumas.pagos_fallidos) == (1, 1, 2)
    assert sumas.totales_por_moneda == {"EUR": Decimal("1250.50"), "USD": 3 * Decimal("1250.50")}
    assert (sumas.total_monto, sumas.moneda) == (3 * Decimal("1250.50"), "USD")


def test_un_filtro_de_pagos_es_de_todo_lo_que_dice(mundo: Mundo) -> None:
    libro(mundo)
    filtro = PagosFilter(
        estados=frozenset({"FALLIDO", "REVERTIDO"}), fecha_hasta=tras(300), monto_min=Decimal("1250.50")
    )
    lista = mundo.pedir(mundo.puertos.pagos.get_pagos_paginados(filtro, Pagina()))
    assert [fila.id for fila in lista.data] == ["payout-4", "payout-3"]
    vacia = mundo.pedir(mundo.puertos.pagos.get_pagos_paginados(PagosFilter(partner_id="nadie"), Pagina()))
    assert (vacia.data, vacia.pagination.pages, vacia.agregaciones.total_monto) == ((), 0, Decimal(0))


def test_un_pago_se_ve_con_sus_transacciones_y_su_historia(mundo: Mundo) -> None:
    libro(mundo)
    detalle = mundo.pedir(mundo.puertos.pagos.get_pago("payout-4"))
    assert detalle is not None
    assert (detalle.pago.estado, detalle.pago.fecha_completado) == ("REVERTIDO", tras(310))
    assert [(una.tipo, una.monto) for una in detalle.transacciones] == [
        ("COMISION", Decimal("125.05")),
        ("REVERSO_COMISION", Decimal("-125.05")),
    ]
    assert [(uno.evento, uno.usuario) for uno in detalle.auditoria.eventos] == [
        ("PagoCreado", "system"),
        ("PagoComisionCalculada", "system"),
        ("PagoProcesado", "payment-processor"),
        ("PagoCompletado", "payment-processor"),
        ("PagoRevertido", "system"),
        ("PagoComisionRevertida", "system"),
    ]
    assert mundo.pedir(mundo.puertos.pagos.get_pago("payout-nada")) is None


def test_una_lista_de_clientes_se_busca_y_se_ordena(mundo: Mundo) -> None:
    libro(mundo)
    clientes = mundo.puertos.clientes
    lista = mundo.pedir(clientes.get_clientes_paginados(ClientesFilter(), Pagina()))
    assert [fila.id for fila in lista.data] == ["beto", "ana"]
    lista = mundo.pedir(clientes.get_clientes_paginados(ClientesFilter("NUNEZ", "nombre", "asc"), Pagina()))
    assert [(fila.id, fila.total_pagos) for fila in lista.data] == [("ana", 1)]


def test_un_cliente_se_ve_con_lo_que_le_pagaron(mundo: Mundo) -> None:
    libro(mundo)
    ficha = mundo.pedir(mundo.puertos.clientes.get_cliente("ana"))
    assert ficha is not None
    assert (ficha.cliente.cedula, ficha.cliente.estado) == ("0012345", None)
    assert (ficha.estadisticas.total_pagos, ficha.estadisticas.monto_total) == (1, Decimal("1250.50"))
    assert ficha.estadisticas.primer_pago == ficha.estadisticas.ultimo_pago == tras(200)
    pagos = mundo.pedir(mundo.puertos.pagos.get_pagos_de_cliente("ana"))
    assert [(uno.id, uno.estado, uno.fecha) for uno in pagos] == [("payout-1", "COMPLETADO", tras(200))]
    activas = mundo.pedir(mundo.puertos.campanias.get_campanias_de_cliente("ana"))
    assert [(una.id, una.estado) for una in activas] == [("VERANO", "APROBADA")]
    assert mundo.pedir(mundo.puertos.clientes.get_cliente("nadie")) is None


def test_un_cliente_anonimizado_no_esta_en_ninguna_lista_y_su_detalle_no_dice_nada(mundo: Mundo) -> None:
    olvidado = cliente("caro", AHORA, "Caro Ruiz")
    with a_las(tras(1)):
        olvidado.anonimizar("lo pidió")
    mundo.ocurre("clientes", olvidado)
    clientes = mundo.puertos.clientes
    assert mundo.pedir(clientes.get_clientes_paginados(ClientesFilter(), Pagina())).pagination.total == 0
    assert mundo.pedir(clientes.buscar("caro", 5)).total == 0
    assert mundo.pedir(clientes.get_resumen()).total == 0
    ficha = mundo.pedir(clientes.get_cliente("caro"))
    assert ficha is not None
    assert (ficha.cliente.nombre, ficha.cliente.cedula, ficha.cliente.estado) == (None, None, "ANONIMIZADO")


def test_las_campanias_se_listan_por_estado_y_por_cliente(mundo: Mundo) -> None:
    libro(mundo)
    campanias = mundo.puertos.campanias
    lista = mundo.pedir(campanias.get_campanias_paginadas(CampaniasFilter(), Pagina()))
    assert [(una.id, una.cliente_nombre) for una in lista.data] == [("OTONO", None), ("VERANO", "Ana Núñez")]
    aprobadas = CampaniasFilter(frozenset({"APROBADA"}), "ana")
    lista = mundo.pedir(campanias.get_campanias_paginadas(aprobadas, Pagina()))
    assert [una.id for una in lista.data] == ["VERANO"]
    assert dict(mundo.pedir(campanias.get_resumen()).por_estado) == {"APROBADA": 1, "PENDIENTE": 1}


def test_una_campania_se_ve_con_su_itinerario_sus_pagos_y_su_historia(mundo: Mundo) -> None:
    libro(mundo)
    ficha = mundo.pedir(mundo.puertos.campanias.get_campania("VERANO"))
    assert ficha is not None
    assert (ficha.campania.nombre, ficha.itinerario) == ("Verano en Ána", ("Quito", "Lima"))
    assert [uno.evento for uno in ficha.auditoria.eventos] == ["CampaniaCreada", "CampaniaAprobada"]
    de_campania = mundo.puertos.pagos.get_pagos_de_campania
    assert [uno.id for uno in mundo.pedir(de_campania("VERANO", 2))] == ["payout-1"]
    assert mundo.pedir(de_campania("VERANO", 0)) == ()


def test_se_busca_en_los_tres(mundo: Mundo) -> None:
    libro(mundo)
    clientes = mundo.pedir(mundo.puertos.clientes.buscar("ana", 5))
    assert [(uno.id, uno.tipo, uno.relevancia) for uno in clientes.mejores] == [("ana", "cliente", 1.0)]
    campanias = mundo.pedir(mundo.puertos.campanias.buscar("ána", 5))
    assert [(una.id, una.cliente, una.relevancia) for una in campanias.mejores] == [("VERANO", "Ana Núñez", 0.4)]
    pagos = mundo.pedir(mundo.puertos.pagos.buscar("Beto", 5))
    assert [(uno.id, uno.relevancia) for uno in pagos.mejores] == [("payout-2", 1.0)]
    assert mundo.pedir(mundo.puertos.pagos.buscar("payout-", 2)).total == 4


def test_quien_no_ve_emails_no_busca_en_ellos(mundo: Mundo) -> None:
    libro(mundo)
    clientes = mundo.puertos.clientes
    for aguja, con, sin in (("ejemplo.co", 2, 0), ("beto@", 1, 0), ("beto", 1, 1)):
        for por_email, cuantos in ((True, con), (False, sin)):
            filtro = ClientesFilter(aguja, por_email=por_email)
            lista = mundo.pedir(clientes.get_clientes_paginados(filtro, Pagina()))
            hallados = mundo.pedir(clientes.buscar(aguja, 5, por_email=por_email))
            totales = lista.pagination.total, len(lista.data), hallados.total, len(hallados.mejores)
            assert totales == (cuantos,) * 4, (aguja, por_email)


def test_lo_que_no_existe_se_sabe(mundo: Mundo) -> None:
    libro(mundo)
    puertos = mundo.puertos
    assert [mundo.pedir(uno) for uno in (
        puertos.clientes.existe("ana", NADIE), puertos.pagos.existe("payout-1", NADIE),
        puertos.campanias.existe("VERANO", NADIE),
    )] == [True, True, True]  # fmt: skip
    assert [mundo.pedir(uno) for uno in (
        puertos.clientes.existe("x", NADIE), puertos.pagos.existe("x", NADIE), puertos.campanias.existe("x", NADIE)
    )] == [False, False, False]  # fmt: skip


def test_a_una_fecha_posterior_todo_se_ve_como_hoy_y_a_una_anterior_nada(mundo: Mundo) -> None:
    libro(mundo)
    clientes, pagos, campanias = mundo.puertos.clientes, mundo.puertos.pagos, mundo.puertos.campanias
    ficha = mundo.pedir(clientes.get_cliente_como_de("ana", DESPUES, NADIE))
    hoy = mundo.pedir(clientes.get_cliente("ana"))
    assert hoy is not None
    assert ficha == hoy
    assert mundo.pedir(pagos.get_pago_como_de("payout-4", DESPUES, NADIE)) == mundo.pedir(pagos.get_pago("payout-4"))
    una = mundo.pedir(campanias.get_campania_como_de("OTONO", DESPUES, NADIE))
    assert una == mundo.pedir(campanias.get_campania("OTONO"))
    for tarea in (
        clientes.get_cliente_como_de("ana", ANTES, NADIE),
        pagos.get_pago_como_de("payout-4", ANTES, NADIE),
        campanias.get_campania_como_de("OTONO", ANTES, NADIE),
    ):
        with pytest.raises(NoEncontrado):
            mundo.pedir(tarea)


def test_los_empates_van_por_id_hacia_abajo(mundo: Mundo) -> None:
    mundo.ocurre("clientes", *(cliente(quien, AHORA) for quien in ("b", "c", "a")))
    lista = mundo.pedir(mundo.puertos.clientes.get_clientes_paginados(ClientesFilter(), Pagina()))
    assert [fila.id for fila in lista.data] == ["c", "b", "a"]
    mundo.ocurre("pagos", *(payout(f"payout-{n}", AHORA + timedelta(0)) for n in (2, 3, 1)))
    pagos = mundo.pedir(mundo.puertos.pagos.get_resumen())
    assert [uno.id for uno in pagos.recientes] == ["payout-3", "payout-2", "payout-1"]
