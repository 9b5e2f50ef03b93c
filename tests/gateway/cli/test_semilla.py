"""Synthetic data are the same for the same seed."""

from gateway.cli.semilla import Semilla


def test_la_misma_semilla_da_lo_mismo_y_otra_da_otra_cosa() -> None:
    assert list(Semilla(20, 1).pagos()) == list(Semilla(20, 1).pagos())
    assert list(Semilla(20, 1).pagos()) != list(Semilla(20, 2).pagos())


def test_pedir_mas_empieza_igual_que_pedir_menos() -> None:
    for de in (Semilla.clientes, Semilla.campanias, Semilla.pagos):
        assert list(de(Semilla(50, 3)))[:10] == list(de(Semilla(10, 3)))


def test_hay_pagos_de_toda_clase() -> None:
    pagos = list(Semilla(300, 1).pagos())
    assert any(pago.completed_at for pago in pagos)
    assert any(pago.failure_reason for pago in pagos)
    assert any(pago.processed_at and not pago.completed_at for pago in pagos)
    assert any(not (pago.processed_at or pago.completed_at or pago.failure_reason) for pago in pagos)
    assert len({pago.currency for pago in pagos}) > 4
