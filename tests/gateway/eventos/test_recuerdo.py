"""A long stream is replayed once a batch, and not again for the next one."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal
from typing import Any, cast

import pytest
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import EventStore, IntegrityError

from domain.base.contexto import Contexto
from domain.base.dinero import Dinero
from domain.base.errores import EscrituraDisputada, VersionDistinta
from domain.campanias.agregado import Campania
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import ActivarCampania, AjustarPresupuesto, AsociarPago, CrearCampania, RegistrarGasto
from domain.cliente.agregado import Cliente
from domain.cliente.comandos import RegistrarCliente
from gateway.composicion import Sistema
from gateway.eventos.fabrica import Fabrica
from gateway.eventos.lote import LARGA, RECORDADOS, AlmacenQueJunta, Lote, Recuerdo, cargar_una_vez, juntar
from gateway.eventos.reacciones import Reacciones
from tests.domain.especificacion import estado_de
from tests.gateway.reacciones.test_reacciones import asociados, ponerse_al_dia
from tests.gateway.sistema import AYER, pago_hecho, sistema_en

ID = "CAMP001"
PAGOS = 20


class AlmacenQueCuenta(AlmacenQueJunta):
    """Counts the events that somebody replays, and lets another act once after they were read."""

    contados = 0
    entretanto: Callable[[], object] | None = None

    def get(self, originator_id: str, **cuales: Any) -> Iterator[DomainEventProtocol[str]]:
        eventos = list(super().get(originator_id, **cuales))
        self.contados += len(eventos)
        if self.entretanto is not None:
            otro, self.entretanto = self.entretanto, None
            with ThreadPoolExecutor(1) as hilo:
                hilo.submit(otro).result()
        return iter(eventos)


class FabricaQueCuenta(Fabrica):
    def event_store(self, mapper: Any = None, recorder: Any = None) -> EventStore[Any]:
        return AlmacenQueCuenta(mapper, recorder)


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    """A campaign with payments of before."""
    with sistema_en(db_url) as sistema:
        sistema.campanias.ejecutar(CrearCampania(ID, "CLIENTE", ()))
        for numero in range(PAGOS):
            sistema.campanias.ejecutar(AsociarPago(ID, f"antes-{numero}"))
        yield sistema


@pytest.fixture
def campanias(sistema: Sistema) -> Campanias:
    campanias = Campanias(lambda entorno: FabricaQueCuenta(entorno, sistema.tienda), sistema.reloj)
    cargar_una_vez(campanias)
    return campanias


def almacen(campanias: Campanias) -> AlmacenQueCuenta:
    return cast(AlmacenQueCuenta, campanias.events)


def asociar(campanias: Campanias, recuerdo: Recuerdo | None, *pagos: str) -> Lote:
    """A batch that is not stored yet."""
    with juntar(recuerdo) as lote:
        for pago in pagos:
            campanias.ejecutar(AsociarPago(ID, pago))
    return lote


def vigentes(sistema: Sistema) -> set[str]:
    campania = sistema.campanias.buscar(Campania, ID)
    assert campania is not None
    return {pago for pago in campania.pagos.vigentes if not pago.startswith("antes-")}


def test_en_un_lote_cada_campania_es_una_y_ningun_cliente_se_guarda(sistema: Sistema) -> None:
    sistema.clientes.ejecutar(RegistrarCliente("ana", "Ana Ruiz", "ana@example.com", "0102030405", AYER))
    with juntar():
        assert sistema.campanias.buscar(Campania, ID) is sistema.campanias.buscar(Campania, ID)
        assert sistema.clientes.buscar(Cliente, "ana") is not sistema.clientes.buscar(Cliente, "ana")
    assert sistema.campanias.buscar(Campania, ID) is not sistema.campanias.buscar(Campania, ID)


def test_un_lote_recorre_una_vez_la_historia_de_una_campania(sistema: Sistema, campanias: Campanias) -> None:
    lote = asociar(campanias, None, "p1", "p2", "p3")
    assert almacen(campanias).contados == 1 + PAGOS
    almacen(campanias).guardar(lote)
    assert vigentes(sistema) == {"p1", "p2", "p3"}


def test_el_lote_que_sigue_lee_solo_lo_que_otros_escribieron(sistema: Sistema, campanias: Campanias) -> None:
    recuerdo = Recuerdo(RECORDADOS)
    almacen(campanias).guardar(asociar(campanias, recuerdo, "p1"))
    sistema.campanias.ejecutar(AsociarPago(ID, "de-otro"))
    antes = almacen(campanias).contados
    almacen(campanias).guardar(asociar(campanias, recuerdo, "p2", "de-otro", "p3"))
    assert almacen(campanias).contados == antes + 1
    assert vigentes(sistema) == {"p1", "de-otro", "p2", "p3"}
    releida = sistema.campanias.buscar(Campania, ID)
    assert releida is not None
    assert estado_de(recuerdo.get(ID)) == estado_de(releida)


def test_de_un_lote_que_perdio_no_queda_nada(sistema: Sistema, campanias: Campanias) -> None:
    recuerdo = Recuerdo(RECORDADOS)
    almacen(campanias).guardar(asociar(campanias, recuerdo, "p1"))
    tardio = asociar(campanias, recuerdo, "p2")
    sistema.campanias.ejecutar(ActivarCampania(ID))
    with pytest.raises(IntegrityError):
        almacen(campanias).guardar(tardio)
    assert vigentes(sistema) == {"p1"}
    almacen(campanias).guardar(asociar(campanias, recuerdo, "p2", "p3"))
    assert vigentes(sistema) == {"p1", "p2", "p3"}


def test_lo_que_decidio_una_orden_que_se_rechazo_no_se_queda_en_el_lote(sistema: Sistema, campanias: Campanias) -> None:
    with juntar() as lote:
        with suppress(VersionDistinta):
            campanias.ejecutar(AsociarPago(ID, "p1"), Contexto(ahora=AYER, version_esperada=99))
        campanias.ejecutar(AsociarPago(ID, "p2"))
    almacen(campanias).guardar(lote)
    assert vigentes(sistema) == {"p2"}


def test_una_reaccion_no_vuelve_a_recorrer_lo_que_ya_conto(sistema: Sistema, campanias: Campanias) -> None:
    reacciones = Reacciones(sistema.pagos, {"campanias": campanias}, sistema.reloj, sistema.motor)
    pagos = [pago_hecho(ID) for _ in range(4)]
    for uno in pagos:
        sistema.pagos.ejecutar(uno)
        reacciones.paso()
    assert almacen(campanias).contados == 1 + PAGOS
    assert vigentes(sistema) == {uno.payout_id for uno in pagos}


def test_quien_carga_una_historia_larga_no_pierde_por_lo_que_tarda(sistema: Sistema, campanias: Campanias) -> None:
    almacen(sistema.campanias).guardar(asociar(sistema.campanias, None, *(f"antes-{uno}" for uno in range(LARGA))))
    almacen(campanias).entretanto = lambda: sistema.campanias.ejecutar(AsociarPago(ID, "de-otro"))
    antes = almacen(campanias).contados
    campanias.ejecutar(ActivarCampania(ID))
    assert almacen(campanias).contados == antes + 1 + LARGA + 1, "una vez entera, y lo que llegó mientras"
    assert vigentes(sistema) == {"de-otro"}


def test_el_pago_que_perdio_ante_otro_se_decide_de_nuevo(sistema: Sistema, campanias: Campanias) -> None:
    reacciones = Reacciones(sistema.pagos, {"campanias": campanias}, sistema.reloj, sistema.motor)
    reacciones.paso()  # what is parked was just taken up: nobody else helps
    pago = pago_hecho(ID)
    sistema.pagos.ejecutar(pago)
    almacen(campanias).entretanto = lambda: sistema.campanias.ejecutar(ActivarCampania(ID))
    reacciones.paso()
    assert almacen(campanias).entretanto is None
    assert vigentes(sistema) == {pago.payout_id}


def test_lo_que_otros_hacen_con_una_campania_mientras_oye_de_sus_pagos_ni_se_pierde_ni_estorba(
    sistema: Sistema,
) -> None:
    reacciones = Reacciones(sistema.pagos, sistema.aplicaciones, sistema.reloj, sistema.motor)
    sistema.campanias.ejecutar(AjustarPresupuesto(ID, Decimal(1000), "USD"))
    sistema.campanias.ejecutar(ActivarCampania(ID))
    pagos = [pago_hecho(ID) for _ in range(120)]

    def gastar() -> None:
        for numero in range(60):
            insistir(RegistrarGasto(ID, f"gasto-{numero}", Decimal(2), "USD"))

    def insistir(orden: RegistrarGasto) -> None:
        while True:
            with suppress(EscrituraDisputada):
                sistema.campanias.ejecutar(orden)
                return

    with ThreadPoolExecutor(2) as otros:
        pagando = otros.submit(lambda: [sistema.pagos.ejecutar(uno) for uno in pagos])
        gastando = otros.submit(gastar)
        while not (pagando.done() and gastando.done()):
            with suppress(EscrituraDisputada):
                reacciones.paso()
    pagando.result()
    gastando.result()
    ponerse_al_dia(sistema, reacciones)
    assert sorted(asociados(sistema, ID)[PAGOS:]) == sorted(uno.payout_id for uno in pagos)
    campania = sistema.campanias.buscar(Campania, ID)
    assert campania is not None
    assert campania.cuenta.gastado == Dinero.de(Decimal(120), "USD")
