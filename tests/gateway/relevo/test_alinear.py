"""After a restore: what the world saw and the log lost is said, the relay goes on, nothing is lost nor told twice."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from gateway.local.pulsar import PulsarLocal
from gateway.puntos import Punto, vigilar
from tests.eventualmente import eventualmente
from tests.gateway.relevo.apoyo import Mesa
from tests.gateway.relevo.conftest import mesa_en
from tests.gateway.relevo.restauracion import alinear, exigir_contado_una_vez, restaurada, vaciar, ver
from tests.gateway.sistema import pago


@pytest.fixture
def vieja(mesa: Mesa, postgres: str, pulsar_local: PulsarLocal) -> Iterator[Mesa]:
    """A system restored to a copy from before its last five payments, which the world has heard of."""
    mesa.pagar(5)
    with mesa.relevando():
        mesa.exigir_todo_una_vez_y_en_orden()
    with restaurada(mesa, postgres, pulsar_local) as otra:
        with mesa_en(str(mesa.config.db_url), pulsar_local, mesa.config.topics) as primera:
            primera.pagar(5)
            with primera.relevando():
                primera.exigir_todo_una_vez_y_en_orden()
        yield otra


def test_tras_restaurar_la_base_se_dice_lo_que_vio_el_mundo_y_se_sigue_mas_alla(vieja: Mesa) -> None:
    dichos = [uno.mensaje for uno in vieja.contados()]
    cabeza = vieja.por_contar()[-1].posicion
    perdidos = [uno.event_id for uno in dichos if uno.posicion > cabeza]
    visto = ver(vieja)
    assert [uno.evento for uno in visto.perdidos] == perdidos
    assert len(perdidos) == 20
    assert (visto.rehusa, visto.tardios, visto.lugares.secuencia) == (True, [], cabeza)
    assert not visto.alineado
    assert not ver(vieja).alineado

    alinear(vieja)
    assert ver(vieja).alineado
    assert [uno.evento for uno in ver(vieja).perdidos] == perdidos
    vieja.pagar(3)
    with vieja.relevando():
        exigir_contado_una_vez(vieja)
    assert len(vieja.contados()) == len(dichos) + 12
    nuevos = vieja.contados()[-12:]
    assert nuevos[0].mensaje.posicion > dichos[-1].posicion
    assert nuevos[0].mensaje.posicion_anterior == dichos[-1].posicion
    assert alinear(vieja).alineado


def test_lo_que_se_acepto_tras_restaurar_en_posiciones_ya_contadas_se_cuenta_tarde(vieja: Mesa) -> None:
    vieja.pagar(7)
    antes = len(vieja.contados())
    visto = ver(vieja)
    assert len(visto.tardios) == 28
    with vieja.relevando():
        alinear(vieja)
        exigir_contado_una_vez(vieja)
        assert ver(vieja).alineado
        vieja.pagar(3)
        exigir_contado_una_vez(vieja)
    assert len(vieja.contados()) == antes + 28 + 12
    assert alinear(vieja).alineado


def test_el_relevo_no_cuenta_nada_mientras_no_se_alinee(vieja: Mesa) -> None:
    vieja.pagar(7)
    antes = len(vieja.contados())
    with capture_logs() as lineas, vieja.relevando():
        eventualmente(lambda: list(lineas), lambda dichas: any("alinear" in uno.get("error", "") for uno in dichas))
    assert len(vieja.contados()) == antes


def test_lo_mismo_repetido_tras_la_copia_se_reconoce_como_otro(vieja: Mesa) -> None:
    perdido = ver(vieja).perdidos[0]
    vieja.sistema.pagos.ejecutar(pago("CICLO", payout_id=perdido.de))
    iguales = [uno.evento for uno in ver(vieja).perdidos if uno.otro_igual]
    assert iguales == [perdido.evento, perdido.evento.removesuffix("1") + "2"]
    alinear(vieja)
    with vieja.relevando():
        exigir_contado_una_vez(vieja)


def test_una_reparacion_que_se_corta_a_la_mitad_se_repite_y_el_relevo_la_espera(vieja: Mesa) -> None:
    vieja.pagar(7)
    cortes = iter((3, 10))
    for corte in cortes:
        cortar_en(corte)
        with pytest.raises(Cortada):
            alinear(vieja)
        antes = len(vieja.contados())
        assert not ver(vieja).alineado
        with capture_logs() as lineas, vieja.relevando():
            eventualmente(lambda: list(lineas), lambda dichas: any("alinear" in uno.get("error", "") for uno in dichas))
        assert len(vieja.contados()) == antes
    alinear(vieja)
    assert ver(vieja).alineado
    vieja.pagar(2)
    with vieja.relevando():
        exigir_contado_una_vez(vieja)


def test_con_el_topic_vacio_y_la_base_vieja_nada_nuevo_se_da_por_contado(vieja: Mesa) -> None:
    vaciar(vieja)
    vieja.pagar(3)
    visto = ver(vieja)
    assert (visto.rehusa, len(visto.tardios)) == (True, 12)
    alinear(vieja)
    vieja.pagar(3)
    with vieja.relevando():
        eventualmente(lambda: len(vieja.contados()), (24).__eq__)
    assert ver(vieja).alineado
    assert [uno.mensaje.event_id for uno in vieja.contados()] == [uno.event_id for uno in vieja.por_contar()[-24:]]


class Cortada(Exception):
    """The process died there."""


_por_pasar: list[int] = []


def cortar_en(pasadas: int) -> None:
    """Have this process fail once, when it has sent that many messages."""
    _por_pasar[:] = [pasadas]


@pytest.fixture(autouse=True, scope="module")
def _vigia() -> None:
    def vigia(punto: Punto) -> None:
        if punto is Punto.A_MEDIO_RELATAR and _por_pasar:
            _por_pasar[0] -= 1
            if not _por_pasar[0]:
                _por_pasar.clear()
                raise Cortada

    vigilar(vigia)
