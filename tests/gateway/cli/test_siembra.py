"""Sowing: the same by one process or by two, and nothing that the applications would not have stored."""

import pytest
from eventsourcing.persistence import OperationalError

from gateway.cli.siembra import Cosecha, sembrar
from gateway.composicion import construir
from gateway.config import Config
from tests.gateway.sistema import config_de, sistema_en

CANTIDAD = 40


def sembrado(config: Config, pocas: int) -> Cosecha:
    with construir(config) as sistema:
        return sembrar(sistema, config, CANTIDAD, 7, pocas=pocas)


def guardados(db_url: str) -> list[tuple[str, int, str]]:
    with sistema_en(db_url) as sistema:
        return [
            (str(aviso.originator_id), aviso.originator_version, aviso.topic)
            for aplicacion in sistema.aplicaciones.values()
            for aviso in aplicacion.recorder.select_notifications(0, 10_000)
        ]


def test_lo_que_sembraron_dos_procesos_lo_tiene_por_sembrado_uno(db_url: str) -> None:
    cosecha = sembrado(config_de(db_url), pocas=CANTIDAD - 1)
    hecho = guardados(db_url)
    assert (len(hecho), cosecha.rechazados.total()) == (cosecha.eventos, 0)
    assert sembrado(config_de(db_url), pocas=CANTIDAD) == Cosecha(0)
    assert guardados(db_url) == hecho


def test_en_una_casa_cerrada_cada_pago_halla_a_su_cliente(db_url: str) -> None:
    cosecha = sembrado(config_de(db_url, partners_modo="cerrado"), pocas=0)
    assert (cosecha.eventos, cosecha.rechazados.total()) == (len(guardados(db_url)), 0)


def test_lo_que_falla_en_el_otro_proceso_se_sabe(db_url: str) -> None:
    inalcanzable = config_de("postgresql://nadie@127.0.0.1:1/nada")
    with sistema_en(db_url) as sistema, pytest.raises(OperationalError):
        sembrar(sistema, inalcanzable, CANTIDAD, 7, pocas=0)
