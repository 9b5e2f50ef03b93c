"""Commands of one application, stored together or not at all."""

from collections.abc import Iterator
from typing import cast

import pytest
from eventsourcing.persistence import IntegrityError

from domain.base.aplicacion import HechoYaContado
from domain.base.contexto import Contexto
from domain.campanias.aplicacion import Campanias
from domain.campanias.comandos import AsociarPago, CrearCampania
from gateway.composicion import Sistema
from gateway.eventos.avance import Avance
from gateway.eventos.lote import AlmacenQueJunta, juntar
from tests.gateway.sistema import AYER, sistema_en

CAMPANIA = CrearCampania("CAMP001", "CLIENTE", ())


@pytest.fixture
def sistema(db_url: str) -> Iterator[Sistema]:
    with sistema_en(db_url) as sistema:
        yield sistema


@pytest.fixture
def campanias(sistema: Sistema) -> Campanias:
    return sistema.campanias


def almacen(campanias: Campanias) -> AlmacenQueJunta:
    return cast(AlmacenQueJunta, campanias.events)


def nombres(campanias: Campanias) -> list[str]:
    return [type(evento).__name__ for evento in campanias.events.get("CAMP001")]


def test_cada_orden_decide_sobre_lo_que_decidieron_las_anteriores(campanias: Campanias) -> None:
    with juntar() as lote:
        for orden in (CAMPANIA, AsociarPago("CAMP001", "p1"), AsociarPago("CAMP001", "p2")):
            campanias.ejecutar(orden)
        assert campanias.recorder.max_notification_id() is None, "nada se guarda antes que el lote"
    almacen(campanias).guardar(lote)
    assert nombres(campanias) == ["Creada", "Aprobada", "PagoAsociado"]


def test_las_esperas_de_un_lote_se_encadenan(campanias: Campanias) -> None:
    with juntar() as lote:
        for numero in range(3):
            campanias.ejecutar(AsociarPago("CAMP001", f"p{numero}"))
    almacen(campanias).guardar(lote)
    campanias.ejecutar(CAMPANIA)
    assert nombres(campanias) == ["Creada", "Aprobada", "PagoAsociado", "PagoAsociado"]


def test_un_lote_que_llega_tarde_no_guarda_nada(campanias: Campanias) -> None:
    with juntar() as lote:
        campanias.ejecutar(AsociarPago("OTRA", "p1"))
        campanias.ejecutar(AsociarPago("CAMP001", "p1"))
    campanias.ejecutar(CAMPANIA)
    with pytest.raises(IntegrityError):
        almacen(campanias).guardar(lote)
    assert list(campanias.events.get("espera:OTRA")) == []


def test_un_avance_cuenta_solo_desde_donde_esta_el_seguidor(campanias: Campanias) -> None:
    def guardar(payout: str, desde: int, hasta: int) -> None:
        with juntar() as lote:
            campanias.ejecutar(AsociarPago("CAMP001", payout))
        almacen(campanias).guardar(lote, tracking=Avance("seguidor:pagos", hasta, desde))

    guardar("p1", 0, 100)
    for desde, hasta in ((0, 200), (50, 200), (100, 100), (200, 300)):
        with pytest.raises(HechoYaContado):
            guardar("p2", desde, hasta)
    guardar("p3", 100, 200)
    esperan = [evento.payout_id for evento in campanias.events.get("espera:CAMP001")]  # type: ignore[attr-defined]
    assert esperan == ["p1", "p3"]


def test_lo_que_acompana_a_una_orden_no_se_pierde_en_un_lote(campanias: Campanias) -> None:
    acompanada = Contexto(ahora=AYER, adjuntos={"tracking": Avance("seguidor:pagos", 1, 0)})
    with juntar(), pytest.raises(ValueError, match="lote"):
        campanias.ejecutar(AsociarPago("CAMP001", "p1"), acompanada)


def test_lo_anticipado_vacio_no_se_busca_y_lo_demas_si(campanias: Campanias) -> None:
    campanias.ejecutar(AsociarPago("CAMP001", "p1"))
    with juntar() as lote:
        almacen(campanias).anticipar(lote, ["espera:CAMP001", "espera:CAMP002"])
        assert lote.vacios == {"espera:CAMP002"}
        campanias.ejecutar(CAMPANIA)
        campanias.ejecutar(CrearCampania("CAMP002", "CLIENTE", ()))
    almacen(campanias).guardar(lote)
    assert nombres(campanias) == ["Creada", "Aprobada"]
    assert [type(evento).__name__ for evento in campanias.events.get("espera:CAMP002")] == ["Cerrada"]
